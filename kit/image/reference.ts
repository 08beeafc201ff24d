/** The name of an image, taken apart as Docker does. https://pkg.go.dev/github.com/distribution/reference */

import { CommandError } from "../cli/terminal.ts";

export interface Reference {
	/** As people write it: debian:bookworm-slim, ghcr.io/someone/thing@sha256:… */
	name: string;
	/** The registry's host, and its port if it has one. */
	registry: string;
	repository: string;
	/** A tag or a digest. */
	version: string;
}

const HUB = "docker.io";

const PATTERN =
	/^((?:[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*\/)*[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

export function parseReference(text: string): Reference {
	const [first = "", ...others] = text.split("/");
	// A host is told by its dot, its port or its being localhost.
	const hasHost =
		others.length > 0 &&
		(/^[\w-]+(\.[\w-]+)+(:\d+)?$|^[\w-]+:\d+$|^\[[0-9a-f:]+\](:\d+)?$/i.test(
			first,
		) ||
			first === "localhost");
	const host = hasHost
		? first.replace(/^(index|registry-1)\.docker/, "docker")
		: HUB;
	const rest = hasHost ? others.join("/") : text;
	const [, path, tag, digest] = PATTERN.exec(rest) ?? [];
	if (path === undefined)
		throw new CommandError(
			1,
			`${JSON.stringify(text)} is no name of an image. Names are like debian, debian:bookworm-slim or localhost:5000/mine:1.`,
		);
	const familiar =
		host === HUB ? path.replace(/^library\//, "") : `${host}/${path}`;
	const version = digest ?? tag ?? "latest";
	return {
		name: `${familiar}${digest ? "@" : ":"}${version}`,
		registry: host === HUB ? "registry-1.docker.io" : host,
		repository: host === HUB && !path.includes("/") ? `library/${path}` : path,
		version,
	};
}
