/// Evidence: which objects of which series of a study a document refers to (PS3.3, C.17.2).
struct Evidence {
  let study: String
  let series: [(uid: String, instances: [ObjectReference])]

  var dataSet: DataSet {
    var item = DataSet()
    item.set(.studyInstanceUID, study)
    item.set(
      .referencedSeriesSequence,
      items: series.filter { !$0.instances.isEmpty }.map { series in
        var part = DataSet()
        part.set(.seriesInstanceUID, series.uid)
        part.set(.referencedSOPSequence, items: series.instances.map(\.dataSet))
        return part
      })
    return item
  }
}
