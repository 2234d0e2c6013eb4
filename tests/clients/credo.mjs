// Receive a badge with a Credo agent, which checks what it receives.
// Usage: node credo.mjs OFFER [--tx CODE]
// The agent keeps its records in memory: a store of a few lines stands in for a database.
import 'reflect-metadata'
import { Agent, DidKey, InjectionSymbols, Kms, RecordNotFoundError } from '@credo-ts/core'
import {
  agentDependencies,
  NodeInMemoryKeyManagementStorage,
  NodeKeyManagementService,
} from '@credo-ts/node'
import { OpenId4VcModule } from '@credo-ts/openid4vc'
import { options, report } from './holder.mjs'

class MemoryStorage {
  supportsCursorPagination = false
  records = new Map()

  async save(_context, record) {
    this.records.set(record.id, record)
  }

  async update(context, record) {
    return this.save(context, record)
  }

  async delete(_context, record) {
    this.records.delete(record.id)
  }

  async deleteById(_context, _kind, id) {
    this.records.delete(id)
  }

  async getById(_context, kind, id) {
    const found = this.records.get(id)
    if (!found) throw new RecordNotFoundError('no such record', { recordType: kind.type })
    return found
  }

  async getAll(_context, kind) {
    return [...this.records.values()].filter((one) => one.type === kind.type)
  }

  async findByQuery(context, kind, query) {
    const all = await this.getAll(context, kind)
    return all.filter((one) => matches(one.getTags(), query))
  }
}

function matches(tags, { $or, $and, $not, ...plain }) {
  const equal = ([name, value]) =>
    Array.isArray(tags[name])
      ? [value].flat().every((one) => tags[name].includes(one))
      : tags[name] === value
  return (
    Object.entries(plain).filter(([, value]) => value !== undefined).every(equal) &&
    (!$or || $or.some((query) => matches(tags, query))) &&
    (!$and || $and.every((query) => matches(tags, query))) &&
    (!$not || !matches(tags, $not))
  )
}

const asked = options(process.argv)
const agent = new Agent({
  config: { autoUpdateStorageOnStartup: true },
  dependencies: agentDependencies,
  modules: {
    kms: new Kms.KeyManagementModule({
      backends: [new NodeKeyManagementService(new NodeInMemoryKeyManagementStorage())],
    }),
    memory: {
      register(manager) {
        manager.registerInstance(InjectionSymbols.StorageService, new MemoryStorage())
      },
    },
    openid4vc: new OpenId4VcModule(),
  },
})
await agent.initialize()
const holder = agent.openid4vc.holder

const resolved = await holder.resolveCredentialOffer(asked.uri)
const token = await holder.requestToken({
  resolvedCredentialOffer: resolved,
  ...(asked.tx ? { txCode: asked.tx } : {}),
})
const { credentials } = await holder.requestCredentials({
  resolvedCredentialOffer: resolved,
  ...token,
  credentialBindingResolver: async ({ supportsJwk, proofTypes }) => {
    const [algorithm] = proofTypes.jwt.supportedSignatureAlgorithms
    const key = await agent.kms.createKeyForSignatureAlgorithm({ algorithm })
    const publicJwk = Kms.PublicJwk.fromPublicJwk(key.publicJwk)
    if (supportsJwk) return { method: 'jwk', keys: [publicJwk] }
    const { didState } = await agent.dids.create({
      method: 'key',
      options: { keyId: key.keyId },
    })
    if (didState.state !== 'finished') throw new Error(JSON.stringify(didState))
    const did = DidKey.fromDid(didState.did)
    return { method: 'did', didUrls: [`${did.did}#${did.publicJwk.fingerprint}`] }
  },
})
const [received] = credentials
if (received.notificationId) {
  await holder.sendNotification({
    metadata: resolved.metadata,
    accessToken: token.accessToken,
    dpop: token.dpop,
    notificationId: received.notificationId,
    notificationEvent: 'credential_accepted',
  })
}
const record = received.record ?? received.credentials?.[0]
report({
  credentials: [record.firstCredential?.jwt?.serializedJwt ?? record.firstCredential?.compact ?? record.encoded],
  kind: record.constructor.name,
  notified: Boolean(received.notificationId),
})
process.exit(0)
