// A holder's key for the client scripts: WebCrypto, named as did:jwk, signing compact tokens.
import { webcrypto } from 'node:crypto'

const { subtle } = webcrypto
const KINDS = {
  ES256: [{ name: 'ECDSA', namedCurve: 'P-256' }, { name: 'ECDSA', hash: 'SHA-256' }],
  EdDSA: [{ name: 'Ed25519' }, { name: 'Ed25519' }],
}

export const base64url = (data) => Buffer.from(data).toString('base64url')

export async function createHolder(alg = 'ES256') {
  const [kind, how] = KINDS[alg]
  const { privateKey, publicKey } = await subtle.generateKey(kind, true, ['sign', 'verify'])
  const { kty, crv, x, y } = await subtle.exportKey('jwk', publicKey)
  const publicJwk = y === undefined ? { crv, kty, x } : { crv, kty, x, y }
  const did = `did:jwk:${base64url(JSON.stringify(publicJwk))}`
  return {
    alg,
    did,
    kid: `${did}#0`,
    publicJwk,
    async sign(header, payload) {
      const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}`
      return `${input}.${base64url(await subtle.sign(how, privateKey, Buffer.from(input)))}`
    },
  }
}

export function options(argv) {
  const [uri, ...rest] = argv.slice(2)
  const given = { uri }
  while (rest.length) {
    const name = rest.shift().replace(/^--/, '')
    given[name] = rest.length && !rest[0].startsWith('--') ? rest.shift() : true
  }
  return given
}

// The one line a test reads; everything else goes to stderr.
export const report = (result) => process.stdout.write(`${JSON.stringify(result)}\n`)
