// The two kinds of button: an icon with a name for screen readers and the pointer, and one with words.
import type { ComponentProps, ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';

type ButtonProps = ComponentProps<'button'>;

/**
 * A square button with an icon; `label` is its accessible name and tooltip. An `inactive` one does nothing but keeps the
 * focus, which `disabled` would take away.
 */
export function IconButton({
  icon,
  label,
  inactive = false,
  className = '',
  onClick,
  ...rest
}: ButtonProps & { icon: IconName; label: string; inactive?: boolean }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-disabled={inactive || undefined}
      onClick={inactive ? undefined : onClick}
      className={`grid size-9 shrink-0 place-items-center rounded-lg text-muted hover:bg-raised hover:text-text disabled:opacity-40 disabled:hover:bg-transparent aria-disabled:opacity-40 aria-disabled:hover:bg-transparent ${className}`}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}

const looks = {
  primary: 'bg-accent text-on-accent hover:opacity-90',
  plain: 'border border-line bg-surface hover:bg-raised',
  danger: 'bg-danger text-bg hover:opacity-90',
} as const;

/** A button with words. */
export function Button({
  look = 'plain',
  icon,
  children,
  className = '',
  ...rest
}: ButtonProps & { look?: keyof typeof looks; icon?: IconName; children: ReactNode }) {
  return (
    <button
      type="button"
      className={`inline-flex h-9 items-center justify-center gap-2 rounded-lg px-3 text-sm font-medium disabled:opacity-40 aria-disabled:opacity-40 ${looks[look]} ${className}`}
      {...rest}
    >
      {icon && <Icon name={icon} size={16} />}
      {children}
    </button>
  );
}
