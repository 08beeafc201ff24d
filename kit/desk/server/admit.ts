/**
 * Who may talk to the desk. Whoever reaches its socket is root in the container,
 * so every request and every WebSocket must come to a known name (DNS rebinding),
 * from the desk's own page (another site's script), and with the key or its cookie
 * (another user, another container).
 */

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isAllowedHost } from "../../book/serve.ts";

export interface Admission {
	/** In the address that the desk prints. */
	key: string;
	/** A host name that requests may use besides the loopback names. */
	host?: string;
}

/** Why a request must not be answered, as text for the browser; undefined for one that may. */
export function findRefusal(
	request: IncomingMessage,
	{ key, host }: Admission,
): string | undefined {
	const { headers } = request;
	if (!isAllowedHost(headers.host, host))
		return "The desk is for this machine only. To reach it under another name: npm run desk -- --host NAME\n";
	if (!isOwnOrigin(headers.origin, headers.host))
		return "Another site asks. The desk answers its own page only.\n";
	if (!hasCookie(headers.cookie, key))
		return "The key is missing or wrong. Open the address that the desk printed when it began: it ends with ?key=…\nPrinted by docker compose up, it can be read again: docker compose logs desk\n";
	return undefined;
}

/** A browser sends the Origin with every WebSocket, and with what another site's page requests by script. */
export function isOwnOrigin(
	origin: string | undefined,
	host: string | undefined,
): boolean {
	if (origin === undefined) return true;
	const { protocol, host: its } = parse(origin) ?? {};
	return (
		(protocol === "http:" || protocol === "https:") &&
		its === host?.toLowerCase()
	);
}

function parse(url: string): URL | undefined {
	try {
		return new URL(url);
	} catch {
		return undefined;
	}
}

/** Whether a key is the desk's. The time that it takes says nothing of it. */
export function isKey(given: string, key: string): boolean {
	return isSame(given, key);
}

/**
 * The cookie for which the key is exchanged. Browsers share cookies among the
 * ports of a host: the name tells two desks' cookies apart. The value proves the
 * key, and does not contain it.
 */
export function cookieFor(key: string): { name: string; value: string } {
	const proof = (words: string) =>
		createHmac("sha256", key).update(words).digest("base64url");
	return { name: `desk-${proof("name").slice(0, 8)}`, value: proof("value") };
}

/** The header that sets it. */
export function setCookie(key: string): string {
	const { name, value } = cookieFor(key);
	return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict`;
}

function hasCookie(header: string | undefined, key: string): boolean {
	const { name, value } = cookieFor(key);
	const values = (header ?? "")
		.split(/; */)
		.filter((pair) => pair.startsWith(`${name}=`))
		.map((pair) => pair.slice(name.length + 1));
	return values.some((given) => isSame(given, value));
}

function isSame(a: string, b: string): boolean {
	const hash = (text: string) => createHash("sha256").update(text).digest();
	return timingSafeEqual(hash(a), hash(b));
}
