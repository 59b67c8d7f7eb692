// An authorization server that is not ours (oidc-provider), and a resource that checks its tokens.
// Arguments: one JSON object { clients, scopes, ttl, dpop }. Prints its base address when it listens.
// PUT /clients replaces the registered clients, as a rotation of keys does.
import { createHash } from 'node:crypto';
import http from 'node:http';
import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from 'jose';
import Provider from 'oidc-provider';
import MemoryAdapter from './node_modules/oidc-provider/lib/adapters/memory_adapter.js';

const settings = JSON.parse(process.argv[2]);
let clients = settings.clients;
const forms = [];
const proofs = new Set();
const resourceNonce = 'resource-nonce-1';

const server = http.createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const base = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(base, {
  adapter: (name) =>
    name === 'Client' ? { find: async (id) => clients.find((one) => one.client_id === id) } : new MemoryAdapter(name),
  scopes: settings.scopes,
  clientAuthMethods: ['private_key_jwt'],
  enabledJWA: { clientAuthSigningAlgValues: ['ES256', 'ES384', 'RS256', 'RS384', 'PS256'] },
  ttl: { ClientCredentials: settings.ttl },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => settings.dpop },
  },
});
provider.use(async (ctx, next) => {
  await next();
  if (ctx.path === '/token') {
    forms.push({ ...ctx.oidc?.body, typ: typed(ctx.oidc?.body?.client_assertion) });
  }
});
provider.on('server_error', (_ctx, error) => console.error(error));

function typed(assertion) {
  return assertion ? decodeProtectedHeader(assertion).typ : undefined;
}

function answer(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function refusal(request) {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  const token = value && (await provider.ClientCredentials.find(value));
  if (!token || token.isExpired) return 'invalid_token';
  if (!settings.dpop) return scheme === 'Bearer' ? undefined : 'invalid_token';
  if (scheme !== 'DPoP') return 'invalid_token';
  const { payload, protectedHeader } = await jwtVerify(request.headers.dpop, EmbeddedJWK, {
    typ: 'dpop+jwt',
    maxTokenAge: '1 s',
    clockTolerance: 5,
  });
  if (payload.nonce !== resourceNonce) return 'use_dpop_nonce';
  const ath = createHash('sha256').update(value).digest('base64url');
  const bound = await calculateJwkThumbprint(protectedHeader.jwk);
  const fits = payload.htm === request.method && payload.htu === `${base}${request.url.split('?')[0]}`;
  if (!fits || payload.ath !== ath || token.jkt !== bound || proofs.has(payload.jti)) return 'invalid_dpop_proof';
  proofs.add(payload.jti);
  return undefined;
}

async function resource(request, response) {
  const why = await refusal(request).catch(() => 'invalid_dpop_proof');
  const headers = settings.dpop ? { 'dpop-nonce': resourceNonce } : {};
  if (why) {
    answer(response, 401, {}, { ...headers, 'www-authenticate': `DPoP error="${why}"` });
  } else {
    answer(response, 200, { resourceType: 'CapabilityStatement' }, headers);
  }
}

const callback = provider.callback();
server.on('request', (request, response) => {
  if (request.url.startsWith('/fhir/.well-known/smart-configuration')) {
    answer(response, 200, { token_endpoint: `${base}/token` });
  } else if (request.url.startsWith('/fhir')) {
    resource(request, response);
  } else if (request.url === '/forms') {
    answer(response, 200, forms);
  } else if (request.url === '/clients') {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      clients = JSON.parse(body);
      answer(response, 200, {});
    });
  } else {
    callback(request, response);
  }
});
console.log(base);
