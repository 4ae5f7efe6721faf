// Numbers of training as people read them.

/** Seconds as m:ss. */
export const clock = (seconds: number) => {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};

/** A number with about three digits; a dash where there is none. */
export const short = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value)
    ? '–'
    : value >= 1000
      ? value.toExponential(1)
      : value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
