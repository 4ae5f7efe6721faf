// The description of a data set: its files, where they come from, how they are checked, what may be done with them.

/** A file of a data set. */
export interface DataFile {
  /** The name in the data folder and in the cache. */
  name: string;
  /** The official address; files without one must be there already. */
  url?: string;
  /** Algorithm and hexadecimal digest; a download is refused without it. */
  hash?: `${'sha256' | 'sha1' | 'md5'}:${string}`;
  /** Size, for the progress bar. */
  bytes?: number;
}

/** A data set known by name. */
export interface DataSet {
  /** The name, also of its folder. */
  name: string;
  title: string;
  homepage: string;
  licence: string;
  /** The text that the licence asks to be shown. */
  attribution?: string;
  files: readonly DataFile[];
}
