#if LESIONQC_DICOM
  import Foundation
  import Testing
  import Volumes

  @testable import DICOM

  /// Files as DCMTK writes and reads them.
  @Suite final class ToolkitTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dicom-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: folder) }

    private var file: URL { folder.appendingPathComponent("x.dcm") }

    @Test func everythingOfASegmentationComesBack() throws {
      let source = try Phantom.series()
      let mapping = try #require(GridMapping(from: Phantom.grid, to: source))
      let segments = Phantom.findings.map {
        SegmentationContent.Segment(
          label: $0.label, isCandidate: false, trackingUID: "1.2.7", voxels: mapping.voxels($0.voxels))
      }
      let content = SegmentationContent(on: source, segments: segments, algorithm: .init(name: "net", version: "3"))
      let object = SegmentationObject(content, Phantom.context(source)).dataSet
      try DICOMFile.write(object, to: file)
      let read = try DICOMFile.read(file, limit: 1 << 20)
      #expect(read.tags == object.tags)
      #expect(read.text(.patientName) == "Müller^Änne")
      try SegmentationCheck.require(
        read, holds: Phantom.findings.map { .init(label: $0.label, trackingUID: "1.2.7", voxels: $0.voxels) },
        on: Phantom.grid, of: source)
    }

    @Test func equalContentGivesEqualBytes() throws {
      let context = Phantom.context(try Phantom.series())
      let object = DocumentObject(pdf: Array("%PDF-1.4".utf8), title: "report", context).dataSet
      try DICOMFile.write(object, to: file)
      let first = try Data(contentsOf: file)
      try DICOMFile.write(object, to: file)
      #expect(try Data(contentsOf: file) == first)
    }

    @Test func largeValuesStayInTheFile() throws {
      let context = Phantom.context(try Phantom.series())
      let pdf = [UInt8](repeating: 7, count: 100_000)
      try DICOMFile.write(DocumentObject(pdf: pdf, title: "report", context).dataSet, to: file)
      #expect(try DICOMFile.read(file)[.encapsulatedDocument]?.value == .notRead(byteCount: 100_000))
      #expect(try DICOMFile.read(file, limit: 100_000).bytes(.encapsulatedDocument) == pdf)
    }

    @Test func aSeriesIsReadFromFilesUnderAnyName() throws {
      for image in 0..<Phantom.images {
        try DICOMFile.write(Phantom.file(image), to: folder.appendingPathComponent("IM\(9 - image)"))
      }
      try Data("no image".utf8).write(to: folder.appendingPathComponent("README"))
      let (series, _) = try SourceFolder(folder).series(like: Phantom.grid, uid: nil)
      #expect(series.frames.map(\.sopInstance) == (1...6).map { "1.2.3.\($0)" })
    }

    /// Every length of a file that is cut off, so that no damage reaches the toolkit unseen.
    @Test func cutOffFilesAreRefusedWithOneLine() throws {
      try DICOMFile.write(Phantom.file(0), to: file)
      let whole = try Data(contentsOf: file)
      var refused = 0
      for count in stride(from: 0, to: whole.count, by: 7) {
        try whole.prefix(count).write(to: file)
        do { _ = try DICOMFile.read(file) } catch {
          refused += 1
          #expect(!"\(error)".contains("\n") && "\(error)".contains("x.dcm"))
        }
      }
      // What ends between two elements is a shorter file.
      #expect(refused > whole.count / 7 * 3 / 4)
    }

    @Test func nobodyAtTheOtherEndIsOneLine() throws {
      try DICOMFile.write(Phantom.file(0), to: file)
      let service = try StorageService(address: "127.0.0.1:1", title: "PACS", ownTitle: "LESIONQC")
      let error = #expect(throws: DICOMError.self) { try service.store([file]) { _ in Issue.record("stored") } }
      #expect(error?.description.hasPrefix("PACS at 127.0.0.1:1: ") == true)
      #expect(error?.description.contains("\n") == false)
    }
  }
#endif
