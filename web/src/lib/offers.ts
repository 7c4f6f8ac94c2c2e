// Offers as the buyer sees them: one line per country, its operators beneath.
import type { Offer } from '@/api/types';
import { compareMoney } from './money';

export interface CountryOffer {
  country: string;
  name: string;
  /** The least a number costs here. */
  price: string;
  /** All operators together. */
  stock: number;
  /** Named operators, cheapest first. */
  operators: readonly Offer[];
}

export type Order = 'price' | 'stock' | 'name';

/** False for the operator that means "whichever". */
export function isNamed(operator: string): boolean {
  return operator !== '' && operator !== 'any';
}

export function byCountry(offers: readonly Offer[], nameOf: (code: string) => string): CountryOffer[] {
  const groups = new Map<string, Offer[]>();
  for (const offer of offers) groups.set(offer.country, [...(groups.get(offer.country) ?? []), offer]);
  return [...groups].map(([country, members]) => group(country, nameOf(country), members));
}

function group(country: string, name: string, members: readonly Offer[]): CountryOffer {
  const cheapestFirst = [...members].sort((a, b) => compareMoney(a.price, b.price));
  const inStock = cheapestFirst.find((offer) => offer.stock > 0) ?? cheapestFirst[0]!;
  const stock = members.reduce((sum, offer) => sum + Math.max(0, offer.stock), 0);
  return { country, name, price: inStock.price, stock, operators: cheapestFirst.filter((offer) => isNamed(offer.operator)) };
}

/** What is sold out stands last in every order. */
export function sorted(offers: readonly CountryOffer[], order: Order): CountryOffer[] {
  const name = (a: CountryOffer, b: CountryOffer): number => a.name.localeCompare(b.name, 'en');
  const by: Record<Order, (a: CountryOffer, b: CountryOffer) => number> = {
    price: (a, b) => compareMoney(a.price, b.price) || b.stock - a.stock || name(a, b),
    stock: (a, b) => b.stock - a.stock || compareMoney(a.price, b.price) || name(a, b),
    name,
  };
  return [...offers].sort((a, b) => Number(a.stock <= 0) - Number(b.stock <= 0) || by[order](a, b));
}

/** 950 → "950", 1234 → "1.2k", 48000 → "48k". */
export function stockText(stock: number): string {
  if (stock < 1000) return String(stock);
  const tenths = Math.floor(stock / 100);
  return tenths < 100 && tenths % 10 !== 0 ? `${Math.floor(tenths / 10)}.${tenths % 10}k` : `${Math.floor(stock / 1000)}k`;
}
