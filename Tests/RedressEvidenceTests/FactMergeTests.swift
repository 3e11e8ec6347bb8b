/// Proves that merging facts does not depend on order, grouping or repetition.

import RedressEvidence
import Testing
