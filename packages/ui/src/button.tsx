import type { AnchorHTMLAttributes, ButtonHTMLAttributes } from "react";

/** How much weight an action has on its page. */
export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

const base =
	"inline-flex min-h-10 items-center justify-center gap-2 rounded-md border px-4 py-2 font-mono text-sm leading-5 font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:cursor-not-allowed aria-disabled:opacity-60";

const variants: Record<ButtonVariant, string> = {
	primary:
		"border-accent bg-accent text-accent-ink enabled:hover:bg-transparent enabled:hover:text-accent [a&]:hover:bg-transparent [a&]:hover:text-accent",
	secondary: "border-edge text-ink hover:bg-raised",
	quiet: "border-transparent text-muted hover:bg-raised hover:text-ink",
	danger: "border-bad text-bad enabled:hover:bg-bad enabled:hover:text-bg [a&]:hover:bg-bad [a&]:hover:text-bg",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
	readonly variant?: ButtonVariant;
}

/** A button; submits nothing unless `type="submit"` is given. */
export function Button({ variant = "primary", type = "button", className = "", ...rest }: ButtonProps) {
	return <button {...rest} type={type} className={`${base} ${variants[variant]} ${className}`} />;
}

interface ButtonLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
	readonly variant?: ButtonVariant;
}

/** A link that looks like a button. */
export function ButtonLink({ variant = "primary", className = "", ...rest }: ButtonLinkProps) {
	return <a {...rest} className={buttonClassName(variant, className)} />;
}

/** The classes of a button, for links that bring their own anchor. */
export function buttonClassName(variant: ButtonVariant, className = ""): string {
	return `${base} ${variants[variant]} ${className}`;
}
