'use client';
import './globals.css';
import PageError from './error';

/** The root layout itself threw. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <PageError />
      </body>
    </html>
  );
}
