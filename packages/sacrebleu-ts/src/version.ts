// The package version, as it appears in signatures (kept equal to package.json by a test).

/** Version of this package, e.g. `0.1.0`. */
export const VERSION = '0.1.0';

/** What signatures carry in their `version` field: `ts:` and the package version. */
export const SIGNATURE_VERSION = `ts:${VERSION}`;
