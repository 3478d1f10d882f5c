"""Whether two DICOM files have the same data set: same.py A.dcm B.dcm"""

import sys

import pydicom

a, b = (pydicom.dcmread(path) for path in sys.argv[1:3])
sys.exit(0 if a == b else 1)
