import Link from 'next/link';
import { text } from '@/text';
import { classOf } from '@/ui/button';
import { CodeSample } from '@/ui/code-sample';
import { Flag } from '@/ui/flag';
import { Tile } from '@/ui/tile';
import styles from './home.module.css';

const SAMPLE = `curl https://numlease.example/api/v1/numbers \\
  -H "Authorization: Bearer nl_live_…" \\
  -H "Idempotency-Key: order-1042" \\
  -H "Content-Type: application/json" \\
  -d '{"service": "telegram", "country": "gb", "max_price": "0.40"}'`;

function SampleNumber() {
  const words = text.home;
  return (
    <figure className={styles.sample} aria-label={words.sampleCard}>
      <div className={styles.sampleHead}>
        <Tile code="telegram" name={words.sampleService} />
        <span className={styles.sampleNames}>
          <b>{words.sampleService}</b>
          <span>
            <Flag country="gb" /> {words.sampleCountry}
          </span>
        </span>
        <span className={styles.sampleTime}>14:52</span>
      </div>
      <p className={styles.samplePhone}>{words.samplePhone}</p>
      <div className={styles.sampleCode}>
        <span>{words.sampleState}</span>
        <b>{words.sampleCode}</b>
      </div>
    </figure>
  );
}

export default function HomePage() {
  const words = text.home;
  return (
    <div className={styles.home}>
      <section className={styles.hero}>
        <div>
          <h1 className={styles.title}>{words.title}</h1>
          <p className={styles.lead}>{words.lead}</p>
          <p className={styles.actions}>
            <Link className={classOf('primary', 'large')} href="/register/">
              {words.start}
            </Link>
            <Link className={classOf('quiet', 'large')} href="/login/">
              {words.have}
            </Link>
          </p>
        </div>
        <SampleNumber />
      </section>
      <ul className={styles.points}>
        {words.points.map((point) => (
          <li key={point.title}>
            <h2>{point.title}</h2>
            <p>{point.text}</p>
          </li>
        ))}
      </ul>
      <section className={styles.api}>
        <div>
          <h2>{words.apiTitle}</h2>
          <p>{words.apiText}</p>
        </div>
        <CodeSample label={words.apiSample} code={SAMPLE} />
      </section>
    </div>
  );
}
