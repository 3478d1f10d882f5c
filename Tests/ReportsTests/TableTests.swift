import Testing

@testable import Reports

@Suite struct TableTests {
  private struct Row {
    var name: String?
    var value: Double?
    var isTrue: Bool?
  }

  private let table = Table<Row>([
    .text("name", "Who", levels: ["a": "the first"], \.name), .number("value", "What", units: "1/SD", \.value),
    .millilitres("volume_ml", "How much", \.value), .millimetres("length_mm", "How long", \.value),
    .flag("true", "Whether", \.isTrue), .count("count", "How many") { $0.name?.utf8.count },
  ])

  @Test(
    arguments: [(Double, String, String, String)]([
      (0.1, "0.1", "0.1", "0.1"), (3, "3", "3", "3"), (1.0 / 3, "0.3333", "0.333", "0.33"),
      (-1.0 / 3, "-0.3333", "-0.333", "-0.33"), (0, "0", "0", "0"), (-0.0, "0", "0", "0"), (-1e-9, "-1e-09", "0", "0"),
      (0.00012345, "0.0001234", "0", "0"), (2.5e-7, "2.5e-07", "0", "0"), (999.94, "999.9", "999.94", "999.94"),
      (999.96, "1000", "999.96", "999.96"), (46_870.4, "46870", "46870.4", "46870.4"),
      (1234.5678, "1235", "1234.568", "1234.57"), (12.3456, "12.35", "12.346", "12.35"),
      (1e20, "1e+20", "100000000000000000000", "100000000000000000000"),
    ])) func numbersHaveTheDigitsThatTheyDeserve(
      _ value: Double, number: String, millilitres: String, millimetres: String
    )
  {
    #expect(RoundedNumber.significant(value) == number)
    #expect(RoundedNumber.decimals(value, 3) == millilitres && RoundedNumber.decimals(value, 2) == millimetres)
  }

  @Test func undefinedIsNotANumber() {
    for value in [nil, Double.nan, .infinity, -.infinity] {
      #expect(RoundedNumber.significant(value) == nil && RoundedNumber.decimals(value, 3) == nil)
    }
    let row = String(decoding: table.bytes([Row(name: "", value: .nan)]), as: UTF8.self).split(separator: "\n")[1]
    #expect(row.split(separator: "\t").prefix(5) == ["n/a", "n/a", "n/a", "n/a", "n/a"])
  }

  @Test func rowsFollowTheColumns() {
    let bytes = table.bytes([Row(name: "a\tb\nc\u{85}", value: 12.3456, isTrue: true), Row(isTrue: false)])
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        name\tvalue\tvolume_ml\tlength_mm\ttrue\tcount
        a b c \t12.35\t12.346\t12.35\ttrue\t7
        n/a\tn/a\tn/a\tn/a\tfalse\tn/a

        """)
    #expect(String(decoding: table.bytes([]), as: UTF8.self) == "name\tvalue\tvolume_ml\tlength_mm\ttrue\tcount\n")
  }

  @Test func theDictionaryHasDescriptionUnitsAndLevels() throws {
    #expect(
      String(decoding: try Table<Row>(Array(table.columns.prefix(3))).dictionary(), as: UTF8.self) == """
        {
          "name" : {
            "Description" : "Who",
            "Levels" : {
              "a" : "the first"
            }
          },
          "value" : {
            "Description" : "What",
            "Units" : "1/SD"
          },
          "volume_ml" : {
            "Description" : "How much",
            "Units" : "mL"
          }
        }

        """)
  }
}
