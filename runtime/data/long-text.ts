/** A text that comes in pieces, however many and small, held in memory by its length. */

/** Pieces that are joined at a time: a text of many small ones would weigh far more than its characters. */
const together = 1024;

export class LongText {
  length = 0;
  /** The first piece, which mostly is the whole. */
  private first = '';
  private pieces: string[] = [];
  private joined: string[] = [];

  add(piece: string): void {
    if (this.length === 0) this.first = piece;
    else if (piece !== '' && this.pieces.push(piece) === together) {
      this.joined.push(this.pieces.join(''));
      this.pieces = [];
    }
    this.length += piece.length;
  }

  /** Gives the text and begins another one. */
  take(): string {
    const { first, joined, pieces } = this;
    this.first = '';
    this.length = 0;
    if (pieces.length === 0 && joined.length === 0) return first;
    this.pieces = [];
    this.joined = [];
    return [first, ...joined, ...pieces].join('');
  }
}
