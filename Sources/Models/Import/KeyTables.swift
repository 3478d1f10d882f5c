/// The tables of keys in docs/importing.md, made from the rules that the import goes by.
enum KeyTables {
  static var markdown: String {
    let bundle = [BundleRules.component, BundleRules.inferer, BundleRules.evaluator] + BundleStatements.rules
    return (bundle + NNUNetRules.all).map { "\($0.markdown)\n\n" }.joined()
  }
}
