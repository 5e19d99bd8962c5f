/** What the thread that trains and the thread that serves tell each other: plain data, copied on the way. */
import type { HandedOver } from '../serving.ts';
import type { ServerSettings } from '../settings.ts';

export interface ThreadStart {
  readonly settings: ServerSettings;
}

export type ToServer =
  /** Comes before the first weights: the program as a saved model holds it. */
  | { readonly type: 'program'; readonly text: string }
  | ({ readonly type: 'version' } & HandedOver)
  | { readonly type: 'close' };

export type FromServer =
  /** A version was taken: the next one may come. */
  | { readonly type: 'taken' }
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'log'; readonly line: string; readonly kind: 'news' | 'problem' }
  | { readonly type: 'closed' };
