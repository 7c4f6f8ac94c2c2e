import styles from './code-sample.module.css';

/** A command to read and copy; it scrolls by keyboard when it is wider than the page. */
export function CodeSample({ label, code }: { label: string; code: string }) {
  return (
    <pre className={styles.sample} tabIndex={0} role="region" aria-label={label}>
      <code>{code}</code>
    </pre>
  );
}
