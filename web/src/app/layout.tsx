import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { text } from '@/text';
import { Announcer } from '@/ui/announcer';
import './globals.css';

export const metadata: Metadata = {
  title: { default: `${text.product} · ${text.tagline}`, template: `%s · ${text.product}` },
  description: text.home.lead,
  formatDetection: { telephone: false },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f5f4f0' },
    { media: '(prefers-color-scheme: dark)', color: '#101214' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        {children}
        <Announcer />
      </body>
    </html>
  );
}
