import type { ReactNode } from 'react';
import { OpenFrame } from '@/ui/open-frame';

export default function OpenLayout({ children }: { children: ReactNode }) {
  return <OpenFrame>{children}</OpenFrame>;
}
