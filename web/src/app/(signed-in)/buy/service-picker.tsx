// Step one: a combobox over the whole catalogue, searched in the browser while typing.
'use client';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { Service } from '@/api/types';
import { search, splitCountry } from '@/lib/search';
import type { Catalogue } from '@/state/catalogue';
import { text } from '@/text';
import { Button } from '@/ui/button';
import { Icon } from '@/ui/icon';
import { Tile } from '@/ui/tile';
import { recentServices } from './selection';
import styles from './service-picker.module.css';

const SHOWN = 8;
const POPULAR = [
  'telegram', 'whatsapp', 'google', 'instagram', 'facebook', 'tiktok', 'discord', 'openai', 'amazon', 'microsoft', 'twitter', 'uber',
];

interface Props {
  catalogue: Catalogue;
  chosen: string | null;
  /** country is set when the typed words named one too. */
  onChoose: (service: string, country: string | null) => void;
}

interface Found {
  services: readonly Service[];
  country: string | null;
}

function find(catalogue: Catalogue, query: string): Found {
  const whole = search(catalogue.services, query);
  if (whole.length > 0) return { services: whole.slice(0, SHOWN).map((hit) => hit.item), country: null };
  const split = splitCountry(query, catalogue.countries);
  if (!split) return { services: [], country: null };
  const services = search(catalogue.services, split.rest).slice(0, SHOWN).map((hit) => hit.item);
  return { services, country: split.country.code };
}

function Chips({ title, services, onChoose }: { title: string; services: readonly Service[]; onChoose: (code: string) => void }) {
  if (services.length === 0) return null;
  return (
    <div className={styles.chips}>
      <h3>{title}</h3>
      <ul>
        {services.map((service) => (
          <li key={service.code}>
            <button type="button" className={styles.chip} onClick={() => onChoose(service.code)}>
              <Tile code={service.code} name={service.name} small />
              {service.name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Suggestions({ catalogue, onChoose }: { catalogue: Catalogue; onChoose: (code: string) => void }) {
  const [recent, setRecent] = useState<readonly Service[]>([]);
  useEffect(() => setRecent(recentServices().flatMap((code) => catalogue.service.get(code) ?? [])), [catalogue]);
  const popular = useMemo(() => {
    const known = POPULAR.flatMap((code) => catalogue.service.get(code) ?? []);
    return known.length > 0 ? known : catalogue.services.slice(0, POPULAR.length);
  }, [catalogue]);
  const rest = popular.filter((service) => !recent.includes(service));
  return (
    <>
      <Chips title={text.buy.recent} services={recent} onChoose={onChoose} />
      <Chips title={text.buy.popular} services={rest} onChoose={onChoose} />
    </>
  );
}

/** "/" anywhere on the page leads to the search box. */
function useSlash(focus: () => void): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      const typing = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      const typingText = typing && (target as HTMLInputElement).type !== 'radio';
      if (event.key !== '/' || typingText || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [focus]);
}

function SearchBox({ catalogue, onChoose, onLeave }: Omit<Props, 'chosen'> & { onLeave: (() => void) | null }) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const box = useRef<HTMLInputElement>(null);
  const id = useId();
  const found = useMemo(() => find(catalogue, query), [catalogue, query]);
  const open = query.trim() !== '';
  const active = open ? found.services[at] : undefined;

  useEffect(() => {
    // On a touch screen the keyboard would cover the suggestions.
    if (onLeave || window.matchMedia('(pointer: fine)').matches) box.current?.focus();
  }, [onLeave]);
  useEffect(() => {
    if (active) document.getElementById(`${id}-${active.code}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, id]);

  function onKey(event: KeyboardEvent<HTMLInputElement>): void {
    const last = found.services.length - 1;
    const moves: Record<string, number> = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1 };
    if (open && event.key in moves && last >= 0) {
      event.preventDefault();
      setAt(moves[event.key]!);
    } else if (event.key === 'Enter' && active) {
      event.preventDefault();
      onChoose(active.code, found.country);
    } else if (event.key === 'Escape') {
      if (open) setQuery('');
      else onLeave?.();
    }
  }

  return (
    <>
      <div className={styles.box}>
        <Icon name="search" />
        <input
          ref={box}
          className={styles.input}
          type="text"
          role="combobox"
          aria-labelledby={`${id}-label`}
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={active ? `${id}-${active.code}` : undefined}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={60}
          placeholder={text.buy.servicePlaceholder}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        {open ? null : <kbd className={styles.key}>/</kbd>}
      </div>
      <span className="visually-hidden" id={`${id}-label`}>
        {text.buy.service}
      </span>
      <div role="listbox" id={`${id}-list`} aria-labelledby={`${id}-label`} className={styles.list} hidden={!open || found.services.length === 0}>
        {open
          ? found.services.map((service, index) => (
              // The input keeps the focus and handles the keys, as a combobox does.
              <div
                key={service.code}
                id={`${id}-${service.code}`}
                role="option"
                aria-selected={index === at}
                className={styles.option}
                data-service={service.code}
                onMouseMove={() => setAt(index)}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => onChoose(service.code, found.country)}
              >
                <Tile code={service.code} name={service.name} />
                <span className={styles.name}>{service.name}</span>
                <span className={styles.category}>
                  {found.country ? catalogue.country.get(found.country)?.name : service.category}
                </span>
              </div>
            ))
          : null}
      </div>
      <p className={open && found.services.length === 0 ? styles.none : 'visually-hidden'} role="status">
        {open && found.services.length > 0 ? text.buy.matches(found.services.length) : null}
        {open && found.services.length === 0 ? `${text.buy.noService(query.trim())} ${text.buy.noServiceHint}` : null}
      </p>
      {open ? null : <Suggestions catalogue={catalogue} onChoose={(code) => onChoose(code, null)} />}
    </>
  );
}

export function ServicePicker({ catalogue, chosen, onChoose }: Props) {
  const [searching, setSearching] = useState(false);
  const service = chosen ? catalogue.service.get(chosen) : undefined;
  const toSearch = useMemo(() => () => setSearching(true), []);
  const leave = useMemo(() => () => setSearching(false), []);
  useSlash(toSearch);
  const closed = service !== undefined && !searching;
  return (
    <section className={styles.picker} aria-labelledby="service-title">
      <h2 id="service-title">{text.buy.service}</h2>
      {closed ? (
        <div className={styles.chosen} data-service={service.code}>
          <Tile code={service.code} name={service.name} />
          <span className={styles.name}>{service.name}</span>
          <Button size="small" kind="quiet" onClick={toSearch}>
            {text.buy.change}
          </Button>
        </div>
      ) : (
        <SearchBox
          catalogue={catalogue}
          onLeave={service ? leave : null}
          onChoose={(code, country) => {
            setSearching(false);
            onChoose(code, country);
          }}
        />
      )}
    </section>
  );
}
