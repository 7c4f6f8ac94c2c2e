// Step two: where the number is from, with price and stock, cheapest first.
'use client';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { money } from '@/lib/money';
import { search } from '@/lib/search';
import { sorted, stockText, type CountryOffer, type Order } from '@/lib/offers';
import type { Catalogue } from '@/state/catalogue';
import { useWallet } from '@/state/wallet';
import { text } from '@/text';
import { Flag } from '@/ui/flag';
import { Icon } from '@/ui/icon';
import { Empty, Failure, Waiting } from '@/ui/notice';
import styles from './country-picker.module.css';

const FEW = 20;
const FILTER_FROM = 9;

interface Props {
  service: string;
  catalogue: Catalogue;
  offers: readonly CountryOffer[] | null;
  error: unknown;
  reload: () => Promise<void>;
  chosen: string | null;
  onChoose: (country: string) => void;
}

function stockWords(stock: number): string {
  if (stock <= 0) return text.buy.soldOut;
  return stock < FEW ? text.buy.few(stock) : text.buy.inStock(stockText(stock));
}

interface RowProps {
  offer: CountryOffer;
  dial: string;
  currency: string;
  cheapest: boolean;
  chosen: boolean;
  group: string;
  onChoose: (country: string) => void;
}

function Row({ offer, dial, currency, cheapest, chosen, group, onChoose }: RowProps) {
  const out = offer.stock <= 0;
  return (
    <label className={styles.row} data-country={offer.country} data-out={out || undefined}>
      <input
        className={styles.radio}
        type="radio"
        name={group}
        value={offer.country}
        checked={chosen}
        disabled={out}
        onChange={() => onChoose(offer.country)}
      />
      <Flag country={offer.country} />
      <span className={styles.name}>
        {offer.name} {dial ? <span className={styles.dial}>+{dial}</span> : null}
        {cheapest ? <span className={styles.tag}>{text.buy.cheapest}</span> : null}
      </span>
      <span className={styles.stock} data-few={(!out && offer.stock < FEW) || undefined}>
        {stockWords(offer.stock)}
      </span>
      <span className={styles.price}>{money(offer.price, currency)}</span>
    </label>
  );
}

function Tools({ filter, onFilter, order, onOrder }: { filter: string | null; onFilter: (text: string) => void; order: Order; onOrder: (order: Order) => void }) {
  return (
    <div className={styles.tools}>
      {filter === null ? null : (
        <label className={styles.filter}>
          <Icon name="search" />
          <input
            type="search"
            aria-label={text.buy.countryPlaceholder}
            placeholder={text.buy.countryPlaceholder}
            autoComplete="off"
            spellCheck={false}
            maxLength={40}
            value={filter}
            onChange={(event) => onFilter(event.target.value)}
          />
        </label>
      )}
      <label className={styles.order}>
        <span className="visually-hidden">{text.buy.sort}</span>
        <select value={order} onChange={(event) => onOrder(event.target.value as Order)}>
          <option value="price">{text.buy.sortPrice}</option>
          <option value="stock">{text.buy.sortStock}</option>
          <option value="name">{text.buy.sortName}</option>
        </select>
        <Icon name="down" />
      </label>
    </div>
  );
}

function filtered(offers: readonly CountryOffer[], filter: string): readonly CountryOffer[] {
  if (filter.trim() === '') return offers;
  const found = new Set(search(offers.map((offer) => ({ code: offer.country, name: offer.name })), filter).map((hit) => hit.item.code));
  return offers.filter((offer) => found.has(offer.country));
}

export function CountryPicker({ service, catalogue, offers, error, reload, chosen, onChoose }: Props) {
  const [filter, setFilter] = useState('');
  const [order, setOrder] = useState<Order>('price');
  const group = useId();
  const { wallet } = useWallet();
  const all = useMemo(() => (offers ? sorted(offers, order) : []), [offers, order]);
  const shown = useMemo(() => filtered(all, filter), [all, filter]);
  const cheapest = useMemo(() => (offers ? sorted(offers, 'price')[0]?.country : undefined), [offers]);
  const first = cheapest && offers?.some((offer) => offer.country === cheapest && offer.stock > 0) ? cheapest : null;
  const stands = offers?.some((offer) => offer.country === chosen && offer.stock > 0) ?? true;

  useEffect(() => {
    // Something is always chosen, so that one press buys; it begins with the cheapest.
    if (first && (!chosen || !stands)) onChoose(first);
  }, [first, chosen, stands, onChoose]);

  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The chosen country may come from the address and stand far down the list.
    const row = list.current?.querySelector<HTMLElement>('label:has(:checked)');
    if (row && list.current) list.current.scrollTop = row.offsetTop - list.current.offsetTop - list.current.clientHeight / 2;
    // Only when the list has come, not with each choice in it.
  }, [offers === null]);

  return (
    <section className={styles.picker} aria-labelledby="country-title">
      <div className={styles.head}>
        <h2 id="country-title">{text.buy.country}</h2>
        {all.length > 0 ? (
          <Tools filter={all.length >= FILTER_FROM ? filter : null} onFilter={setFilter} order={order} onOrder={setOrder} />
        ) : null}
      </div>
      {error && !offers ? <Failure error={error} retry={() => void reload()} /> : null}
      {!offers && !error ? <Waiting rows={5} /> : null}
      {offers && all.length === 0 ? <Empty title={text.buy.noOffers(service)}>{text.buy.noOffersHint}</Empty> : null}
      {all.length > 0 && shown.length === 0 ? <Empty title={text.buy.noCountry(filter.trim())} /> : null}
      <div ref={list} className={styles.list} role="radiogroup" aria-labelledby="country-title" hidden={shown.length === 0}>
        {shown.map((offer) => (
          <Row
            key={offer.country}
            offer={offer}
            dial={catalogue.country.get(offer.country)?.dial ?? ''}
            currency={wallet?.currency ?? ''}
            cheapest={offer.country === first}
            chosen={offer.country === chosen}
            group={group}
            onChoose={onChoose}
          />
        ))}
      </div>
    </section>
  );
}
