// Sentences for people who do not look at the screen; ui/Announcer speaks them.
'use client';
import { store } from './store';

export const announcement = store<{ id: number; sentence: string }>({ id: 0, sentence: '' });

export function announce(sentence: string): void {
  announcement.set({ id: announcement.get().id + 1, sentence });
}
