/** Asks a registry. https://github.com/opencontainers/distribution-spec/blob/main/spec.md, https://distribution.github.io/distribution/spec/auth/token/ */

import { CommandError } from "../cli/terminal.ts";
import type { Reference } from "./reference.ts";

/** Gets something of the image's repository: "manifests/latest", "blobs/sha256:…". The status is one of `accepted`. */
export type Registry = (
	path: string,
	headers: Record<string, string>,
	accepted: number[],
) => Promise<Response>;

/** The registry of an image. Whoever asks for a token gets one, without a name: what is public can be pulled. */
export function openRegistry({
	name,
	registry,
	repository,
}: Reference): Registry {
	// What comes is told by its digest, but the first digest comes by the network, too.
	const base = `${isLoopback(registry) ? "http" : "https"}://${registry}/v2/${repository}`;
	let token: string | undefined;
	return async (path, headers, accepted) => {
		const ask = () =>
			request(`${base}/${path}`, {
				...headers,
				...(token ? { authorization: `Bearer ${token}` } : {}),
			});
		let response = await ask();
		const challenge = response.headers.get("www-authenticate");
		if (response.status === 401 && challenge) {
			await response.body?.cancel();
			token = await getToken(challenge, repository);
			response = await ask();
		}
		if (accepted.includes(response.status)) return response;
		await response.body?.cancel();
		throw refused(response.status, name, registry);
	};
}

/** Asks who gives out tokens for one. */
async function getToken(
	challenge: string,
	repository: string,
): Promise<string> {
	const fields = Object.fromEntries(
		[...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [
			key,
			value,
		]),
	);
	const url = URL.canParse(fields.realm ?? "")
		? new URL(fields.realm ?? "")
		: undefined;
	if (
		!/^bearer /i.test(challenge) ||
		!(url?.protocol === "https:" || (url && isLoopback(url.host)))
	)
		throw new CommandError(
			1,
			"The registry wants a name and a password, or a token from a place that is not safe. Only public images can be pulled.",
		);
	if (fields.service) url.searchParams.set("service", fields.service);
	url.searchParams.set(
		"scope",
		fields.scope || `repository:${repository}:pull`,
	);
	const response = await request(url.href, {});
	if (!response.ok)
		throw new CommandError(
			1,
			`${url.host} gives no token for ${repository} (status ${response.status}): the image is private, or there is none of this name.`,
		);
	const answer = (await response.json()) as Record<string, unknown>;
	return String(answer.token ?? answer.access_token ?? "");
}

async function request(
	url: string,
	headers: Record<string, string>,
): Promise<Response> {
	try {
		return await fetch(url, { headers });
	} catch (error) {
		const { cause, message } = error as Error;
		const why =
			cause instanceof Error
				? cause.message || String(Reflect.get(cause, "code"))
				: message;
		throw new CommandError(1, `${new URL(url).host} can't be reached: ${why}.`);
	}
}

function refused(status: number, name: string, registry: string): CommandError {
	const reasons: Record<number, string> = {
		401: `${name} is private, or there is none of this name. Only public images can be pulled.`,
		403: `${registry} refuses ${name}.`,
		404: `There is no image ${name} in ${registry}.`,
		429: `${registry} has had too many questions from here. Wait, and try again.`,
	};
	return new CommandError(
		1,
		reasons[status] ?? `${registry} answered with the status ${status}.`,
	);
}

/** Whether a host is this machine. What goes to it crosses no network. */
export function isLoopback(host: string): boolean {
	const name = host.replace(/:\d+$/, "");
	return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(name);
}
