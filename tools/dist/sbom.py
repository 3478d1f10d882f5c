"""The bill of materials: SPDX 2.3 in JSON, made from what dpkg and the Swift toolchain say."""

import hashlib
import json
import re
import uuid
from datetime import UTC, datetime

from content import LIBRARIES, PROGRAM, SHARED

DOCUMENT = "SPDXRef-DOCUMENT"


def _identifier(kind, name):
    return f"SPDXRef-{kind}-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def _file(path, file):
    return {
        "SPDXID": _identifier("File", path),
        "fileName": f"./{path}",
        "fileTypes": ["BINARY" if path.startswith(("bin/", "lib/")) else "OTHER"],
        "checksums": [{"algorithm": name.upper(), "checksumValue": file.digest(name)} for name in ("sha1", "sha256")],
        "licenseConcluded": "NOASSERTION",
        "copyrightText": "NOASSERTION",
    }


def _package(name, version, licence, origin, supplier, held):
    """A package and, when files of it are packed, the code over them that SPDX defines."""
    package = {
        "SPDXID": _identifier("Package", name),
        "name": name,
        "versionInfo": version,
        "supplier": supplier,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": bool(held),
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": licence,
        "copyrightText": "NOASSERTION",
    }
    if origin.startswith("http"):
        package["homepage"] = origin
    if held:
        digests = "".join(sorted(file.digest("sha1") for file in held.values()))
        package["packageVerificationCode"] = {
            "packageVerificationCodeValue": hashlib.sha1(digests.encode()).hexdigest()
        }
        package["licenseInfoFromFiles"] = ["NOASSERTION"]
    return package


def _relation(source, kind, target):
    return {"spdxElementId": source, "relationshipType": kind, "relatedSpdxElement": target}


def document(name, version, components, files, seconds):
    """The bill of `files` (path → File).

    - seconds: since 1970, the time that the document states.
    """
    models = {path: file for path, file in files.items() if path.startswith(f"{SHARED}/sample-data/models/")}
    images = {path: file for path, file in files.items() if path.startswith(f"{SHARED}/sample-data/")}
    images = {path: file for path, file in images.items() if path not in models}
    own = {path: file for path, file in files.items() if path == PROGRAM or path.startswith(f"{SHARED}/templates/")}
    ours = "Organization: The lesionqc contributors"
    parts = [
        (_package(name, version, "Apache-2.0", "", ours, own), own, None),
        (_package(f"{name}-sample-models", version, "CC-BY-4.0", "", ours, models), models, "CONTAINS"),
        (_package(f"{name}-sample-data", version, "CC0-1.0", "", ours, images), images, "CONTAINS"),
    ]
    for component in components:
        paths = [f"{LIBRARIES}/{library.name}" for library in component.libraries]
        held = {path: files[path] for path in sorted(paths)}
        package = _package(
            component.name, component.version, component.licence, component.origin, component.supplier, held
        )
        package["externalRefs"] = [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": component.purl,
            }
        ]
        parts.append((package, held, "DYNAMIC_LINK" if held else "STATIC_LINK"))
    main = parts[0][0]["SPDXID"]
    listed = {path: file for _, held, _ in parts for path, file in held.items()}
    relations = [_relation(DOCUMENT, "DESCRIBES", main)]
    for package, held, kind in parts:
        if kind:
            relations.append(_relation(main, kind, package["SPDXID"]))
        relations += [_relation(package["SPDXID"], "CONTAINS", _identifier("File", path)) for path in sorted(held)]
    # The same files and parts have the same name everywhere, and others another.
    mark = "".join(file.digest() for _, file in sorted(listed.items())) + version
    bill = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": DOCUMENT,
        "name": f"{name}-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/{name}-{version}-{uuid.uuid5(uuid.NAMESPACE_OID, mark)}",
        "creationInfo": {
            "created": datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": [f"Tool: {name}-tools-dist-{version}"],
        },
        "packages": [package for package, _, _ in parts],
        "files": [_file(path, file) for path, file in sorted(listed.items())],
        "relationships": relations,
    }
    return (json.dumps(bill, indent=1) + "\n").encode()
