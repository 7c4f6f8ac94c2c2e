'use client';
import { useCallback, useRef } from 'react';
import { isOpen } from '@/lib/number';
import { byCountry } from '@/lib/offers';
import * as api from '@/api/client';
import { countryName, loadCatalogue, serviceName, useCatalogue, type Catalogue } from '@/state/catalogue';
import { useBoard } from '@/state/numbers';
import { useEvery, useLoad } from '@/state/use';
import { text } from '@/text';
import { Failure, Waiting } from '@/ui/notice';
import { Board } from './board';
import { BuyBar } from './buy-bar';
import styles from './buy.module.css';
import { CountryPicker } from './country-picker';
import { useSelection, type Selection } from './selection';
import { ServicePicker } from './service-picker';

const OFFERS_EVERY_MS = 30_000;

interface PurchaseProps {
  catalogue: Catalogue;
  selection: Selection;
  choose: (change: Partial<Selection>) => void;
  onBought: () => void;
}

function Purchase({ catalogue, selection, choose, onBought }: PurchaseProps) {
  // The address may name a service that is not there any more.
  const service = selection.service && catalogue.service.has(selection.service) ? selection.service : null;
  const offers = useLoad(
    async (signal) => (service ? byCountry((await api.offers(service, signal)).data, (code) => countryName(catalogue, code)) : []),
    service ?? '',
  );
  useEvery(OFFERS_EVERY_MS, offers.reload);
  const chosen = offers.data?.find((offer) => offer.country === selection.country) ?? null;
  return (
    <div className={styles.panel}>
      <ServicePicker
        catalogue={catalogue}
        chosen={service}
        onChoose={(code, country) => choose({ service: code, operator: null, ...(country ? { country } : {}) })}
      />
      {service ? (
        // The bar sticks to the bottom of the window as long as the countries are in it.
        <div>
          <CountryPicker
            service={serviceName(catalogue, service)}
            catalogue={catalogue}
            offers={offers.data}
            error={offers.error}
            reload={offers.reload}
            chosen={selection.country}
            onChoose={(country) => choose({ country, operator: null })}
          />
          <BuyBar
            key={`${service} ${selection.country}`}
            service={service}
            serviceLabel={serviceName(catalogue, service)}
            offer={chosen}
            operator={selection.operator}
            onOperator={(operator) => choose({ operator })}
            reload={offers.reload}
            onBought={onBought}
          />
        </div>
      ) : null}
    </div>
  );
}

export function BuyPage() {
  const { catalogue, error } = useCatalogue();
  const [selection, choose] = useSelection();
  const busy = useBoard().numbers.some(isOpen);
  const panel = useRef<HTMLDivElement>(null);
  const again = useCallback(
    (service: string, country: string) => {
      choose({ service, country, operator: null });
      panel.current?.scrollIntoView({ behavior: 'smooth', block: 'start' });
    },
    [choose],
  );
  const toBoard = useCallback(() => {
    // In one column the numbers stand above the purchase: show the new one.
    if (window.matchMedia('(max-width: 1020px)').matches) window.scrollTo({ top: 0, behavior: 'smooth' });
  }, []);
  return (
    <div className={styles.page} data-busy={busy || undefined}>
      <div ref={panel} className={styles.buy}>
        <h1 className={styles.title}>{text.buy.title}</h1>
        {catalogue ? <Purchase catalogue={catalogue} selection={selection} choose={choose} onBought={toBoard} /> : null}
        {!catalogue && error ? <Failure error={error} retry={() => void loadCatalogue()} /> : null}
        {!catalogue && !error ? <Waiting rows={5} /> : null}
      </div>
      <Board catalogue={catalogue} onAgain={again} />
    </div>
  );
}
