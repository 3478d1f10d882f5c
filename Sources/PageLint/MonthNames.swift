/// Names of months in the languages in which reports and scans are dated, folded as ``FoldedText`` folds.
enum MonthNames {
  struct Month {
    /// From 1.
    let number: Int
    /// Written out, or an English abbreviation: enough beside a year alone.
    let isPlain: Bool
    /// Also an ordinary word or its beginning, so that `3 may 12` is no date.
    let isWord: Bool
  }

  /// The folded name, as scalars, to its month.
  static let known: [[UInt32]: Month] = {
    var table: [[UInt32]: Month] = [:]
    func add(_ name: Substring, _ number: Int, isPlain: Bool) {
      let folded = FoldedText(String(name)).scalars
      if table[folded]?.isPlain == true { return }
      table[folded] = Month(number: number, isPlain: isPlain, isWord: words.contains(String(name)))
    }
    for line in names {
      for (index, name) in line.split(separator: " ").enumerated() { add(name, index + 1, isPlain: true) }
    }
    add("sept", 9, isPlain: true)
    for line in abbreviations {
      for (index, name) in line.split(separator: " ").enumerated() { add(name, index + 1, isPlain: false) }
    }
    return table
  }()

  private static let words: Set = ["may", "march", "mar", "mai", "set", "out", "mag", "gen", "lis", "sec", "dec"]

  /// January to December: English and its abbreviations, German, Austrian, French, Italian, Spanish, Portuguese, Dutch,
  /// Swedish, Danish, Finnish, Polish (genitive), Czech (genitive), Slovak, Slovene, Croatian, Hungarian, Romanian,
  /// Turkish, Russian (genitive), Ukrainian (genitive), Greek (genitive).
  private static let names = [
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november december",
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
      + "marraskuuta joulukuuta",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ledna února března dubna května června července srpna září října listopadu prosince",
    "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca",
    "január február március április május június július augusztus szeptember október november december",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου "
      + "νοεμβρίου δεκεμβρίου",
  ]

  /// Abbreviations of the same languages, where they differ.
  private static let abbreviations = [
    "jän feb mrz apr mai jun jul aug sep okt nov dez", "janv févr mars avr mai juin juil août sept oct nov déc",
    "gen feb mar apr mag giu lug ago set ott nov dic", "ene feb mar abr may jun jul ago sept oct nov dic",
    "jan fev mar abr mai jun jul ago set out nov dez", "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "sty lut mar kwi maj cze lip sie wrz paź lis gru", "led úno bře dub kvě čvn čvc srp zář říj lis pro",
    "jan feb már ápr máj jún júl aug szept okt nov dec",
  ]
}
