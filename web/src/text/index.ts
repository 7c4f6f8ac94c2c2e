import { en, type Text } from './en';

/** The sentences of the page in the language of this build. */
export const text: Text = en;
