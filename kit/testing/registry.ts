/** For the tests: a registry of images on this machine, which asks for a token, knows Range, and misbehaves if a test wants it to. */

import {
	createServer,
	type IncomingMessage,
	type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { configOf, manifestOf, sha256, type TestImage } from "./archives.ts";

export interface TestRegistry {
	/** 127.0.0.1 and the port. */
	host: string;
	/** What was asked for, with the Range if there was one. */
	asked: string[];
	/** Documents under manifests/, by tag or digest. */
	manifests: Map<string, { type: string; text: string }>;
	blobs: Map<string, Buffer>;
	/** Breaks the line after that many bytes of a blob, that many times: once `kept` says that they have arrived. */
	breaks: { after: number; times: number; kept: () => number };
	/** Sends blobs from their beginning, whatever is asked for. */
	ignoresRange: boolean;
}

const TOKEN = "token-of-the-test";

/** Starts one that has an image under the name test/image:1. It ends with the test. */
export async function startRegistry(image: TestImage): Promise<TestRegistry> {
	const server = createServer((request, response) =>
		request.url?.startsWith("/token?")
			? giveToken(request, response)
			: answer(registry, request, response),
	);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const manifest = manifestOf(image);
	const document = {
		type: "application/vnd.oci.image.manifest.v1+json",
		text: manifest,
	};
	const blobs = [configOf(image), ...(image.stored ?? image.layers)].map((it) =>
		Buffer.from(it),
	);
	const registry: TestRegistry = {
		host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
		asked: [],
		manifests: new Map([
			["1", document],
			[`sha256:${sha256(manifest)}`, document],
		]),
		blobs: new Map(blobs.map((it) => [`sha256:${sha256(it)}`, it])),
		breaks: { after: 0, times: 0, kept: () => 0 },
		ignoresRange: false,
	};
	return registry;
}

function giveToken({ url }: IncomingMessage, response: ServerResponse): void {
	const right =
		url ===
		"/token?service=test+registry&scope=repository%3Atest%2Fimage%3Apull";
	response.writeHead(right ? 200 : 400).end(JSON.stringify({ token: TOKEN }));
}

function answer(
	registry: TestRegistry,
	request: IncomingMessage,
	response: ServerResponse,
): void {
	const { headers, url = "" } = request;
	const [, kind, name = ""] =
		/^\/v2\/test\/image\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
	const [, repository] = /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(url) ?? [];
	if (headers.authorization !== `Bearer ${TOKEN}`) {
		const challenge = `Bearer realm="http://${registry.host}/token",service="test registry",scope="repository:${repository}:pull"`;
		return void response
			.writeHead(401, { "www-authenticate": challenge })
			.end();
	}
	registry.asked.push(headers.range ? `${name} ${headers.range}` : name);
	const document = registry.manifests.get(name);
	if (kind === "manifests" && document)
		return void response
			.writeHead(200, { "content-type": document.type })
			.end(document.text);
	const blob = registry.blobs.get(name);
	if (kind !== "blobs" || !blob) return void response.writeHead(404).end();

	const start = registry.ignoresRange
		? 0
		: Number(/bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);
	const rest = blob.subarray(start);
	const range =
		start > 0
			? { "content-range": `bytes ${start}-${blob.length - 1}/${blob.length}` }
			: {};
	response.writeHead(start > 0 ? 206 : 200, {
		...range,
		"content-length": rest.length,
	});
	const { breaks } = registry;
	if (breaks.times === 0 || rest.length <= breaks.after)
		return void response.end(rest);
	breaks.times--;
	response.write(rest.subarray(0, breaks.after));
	const arriving = setInterval(() => {
		if (breaks.kept() < start + breaks.after && !response.closed) return;
		clearInterval(arriving);
		response.destroy();
	}, 10);
}
