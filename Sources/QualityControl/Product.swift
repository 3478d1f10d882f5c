/// The product's name and version as they are printed in every output.
public enum Product {
  public static let name = "lesionqc"
  public static let version = "0.1.0"
  public static let disclaimer = "Research software, not a medical device."
}
