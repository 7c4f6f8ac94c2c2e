// Search of the whole catalogue in the browser: prefixes, words, common short forms, other alphabets, small typing errors.

export interface Searchable {
  code: string;
  name: string;
}

export interface Hit<T> {
  item: T;
  score: number;
}

const SHORT_FORMS: Readonly<Record<string, string>> = {
  tg: 'telegram', wa: 'whatsapp', wapp: 'whatsapp', ig: 'instagram', insta: 'instagram', fb: 'facebook', vk: 'vkontakte',
  yt: 'youtube', gmail: 'google', goog: 'google', dc: 'discord', tt: 'tiktok', tw: 'twitter', ms: 'microsoft', outlook: 'microsoft',
  amz: 'amazon', li: 'linkedin', sc: 'snapchat', snap: 'snapchat', uk: 'gb', usa: 'us', america: 'us', england: 'gb', uae: 'ae',
  holland: 'nl', korea: 'kr',
};

const CYRILLIC: Readonly<Record<string, string>> = {
  а: 'a', б: 'b', в: 'v', г: 'g', ґ: 'g', д: 'd', е: 'e', ё: 'e', є: 'e', ж: 'zh', з: 'z', и: 'i', і: 'i', ї: 'i', й: 'i', к: 'k',
  л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'sch',
  ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya',
};

/** Lower case, no accents, Latin letters, words separated by one space. */
export function normalise(text: string): string {
  const plain = text.toLowerCase().replace(/[а-яёєіїґ]/g, (letter) => CYRILLIC[letter] ?? letter);
  return plain.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/** Typing errors forgiven in a word of that length. */
function tolerance(length: number): number {
  return length < 4 ? 0 : length < 7 ? 1 : 2;
}

/** Edits (with swapped neighbours as one) from typed to the nearest beginning of word; stops above limit. */
export function prefixEdits(typed: string, word: string, limit: number): number {
  let before: number[] = [];
  let above = Array.from({ length: word.length + 1 }, (_, column) => column);
  for (let row = 1; row <= typed.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= word.length; column += 1) {
      const same = typed[row - 1] === word[column - 1];
      let edits = Math.min(above[column]! + 1, current[column - 1]! + 1, above[column - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && typed[row - 1] === word[column - 2] && typed[row - 2] === word[column - 1];
      if (swapped) edits = Math.min(edits, before[column - 2]! + 1);
      current.push(edits);
    }
    if (Math.min(...current) > limit) return limit + 1;
    before = above;
    above = current;
  }
  return Math.min(...above);
}

/** How well one typed word fits one word of the catalogue: 0 = not at all, 100 = the same. */
function fit(typed: string, word: string): number {
  if (word === typed) return 100;
  if (word.startsWith(typed)) return 90 - Math.min(20, word.length - typed.length);
  if (typed.length >= 3 && word.includes(typed)) return 50;
  const limit = tolerance(typed.length);
  // The first letter is rarely wrong; to demand it keeps nonsense away.
  if (limit === 0 || word[0] !== typed[0]) return 0;
  const edits = prefixEdits(typed, word, limit);
  return edits <= limit ? 45 - 12 * edits : 0;
}

function fitAny(typed: string, words: readonly string[]): number {
  const meant = SHORT_FORMS[typed];
  let best = 0;
  for (const word of words) best = Math.max(best, fit(typed, word), meant ? fit(meant, word) * 0.98 : 0);
  return best;
}

function wordsOf(item: Searchable): string[] {
  const name = normalise(item.name);
  return [...name.split(' '), name.replace(/ /g, ''), normalise(item.code)];
}

/** The items that fit every typed word, best first; equal ones keep their order. */
export function search<T extends Searchable>(items: readonly T[], query: string): Hit<T>[] {
  const typed = normalise(query).split(' ').filter(Boolean);
  if (query.trim() === '') return items.map((item) => ({ item, score: 0 }));
  if (typed.length === 0) return [];
  const hits: Hit<T>[] = [];
  for (const item of items) {
    const words = wordsOf(item);
    const scores = typed.map((word) => fitAny(word, words));
    if (scores.every((score) => score > 0)) {
      hits.push({ item, score: scores.reduce((sum, score) => sum + score, 0) / scores.length });
    }
  }
  return hits.sort((a, b) => b.score - a.score);
}

/** "telegram kz": what remains is the service, the last word a country. Null when it is not of that form. */
export function splitCountry<T extends Searchable>(query: string, countries: readonly T[]): { rest: string; country: T } | null {
  const parts = query.trim().split(/\s+/);
  const last = parts.pop();
  if (!last || parts.length === 0) return null;
  const best = search(countries, last)[0];
  return best && best.score >= 65 ? { rest: parts.join(' '), country: best.item } : null;
}
