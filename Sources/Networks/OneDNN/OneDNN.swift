import COneDNN

/// The door to oneDNN: every handle has one owner here and every call is checked by ``check(_:_:)``.
enum OneDNN {
  static func check(_ status: dnnl_status_t, _ call: String) throws {
    guard status == dnnl_success else { throw NetworkError.library(call: call, status: Int(status.rawValue)) }
  }

  /// Channels that the fastest layout of this machine stores together: 16 with AVX-512, 8 with AVX2, else 1 (plain).
  static var channelBlock: Int {
    let isa = dnnl_get_effective_cpu_isa().rawValue
    func has(_ level: dnnl_cpu_isa_t) -> Bool { isa & level.rawValue == level.rawValue }
    return has(dnnl_cpu_isa_avx512_core) ? 16 : has(dnnl_cpu_isa_avx2) ? 8 : 1
  }

  /// A dense layout of some axes; for a layout of activations or weights see its tag.
  static func layout(_ shape: [Int], _ tag: dnnl_format_tag_t) throws -> dnnl_memory_desc_t {
    var descriptor = dnnl_memory_desc_t()
    try check(
      dnnl_memory_desc_init_by_tag(&descriptor, Int32(shape.count), shape.map(Int64.init), dnnl_f32, tag),
      "dnnl_memory_desc_init_by_tag")
    return descriptor
  }

  /// Makes something with attributes that leave the working memory of a primitive to its owner.
  static func withAttributes<T>(_ body: (dnnl_primitive_attr_t?) throws -> T) throws -> T {
    var attributes: dnnl_primitive_attr_t?
    try check(dnnl_primitive_attr_create(&attributes), "dnnl_primitive_attr_create")
    defer { dnnl_primitive_attr_destroy(attributes) }
    try check(
      dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
      "dnnl_primitive_attr_set_scratchpad_mode")
    return try body(attributes)
  }

  /// A copy from one layout to another.
  static func reorder(
    _ source: dnnl_memory_desc_t, to destination: dnnl_memory_desc_t, _ from: OneDNNMemory, _ to: OneDNNMemory,
    _ stream: OneDNNStream
  ) throws -> OneDNNPrimitive {
    var (source, destination) = (source, destination)
    var handle: dnnl_primitive_desc_t?
    try check(
      dnnl_reorder_primitive_desc_create(&handle, &source, stream.engine, &destination, stream.engine, nil),
      "dnnl_reorder_primitive_desc_create")
    return try OneDNNPrimitive(OneDNNPrimitiveDescriptor(handle!), [(DNNL_ARG_SRC, from), (DNNL_ARG_DST, to)], stream)
  }

  /// Weights reordered once into the layout that an implementation asks for.
  static func packed(
    _ plain: [Float], from source: dnnl_memory_desc_t, to destination: dnnl_memory_desc_t, _ stream: OneDNNStream
  ) throws -> AlignedBytes {
    var layout = destination
    let bytes = AlignedBytes(count: dnnl_memory_desc_get_size(&layout))
    try plain.withUnsafeBytes { values in
      let from = try OneDNNMemory(source, UnsafeMutableRawPointer(mutating: values.baseAddress!), stream)
      try reorder(source, to: destination, from, OneDNNMemory(destination, bytes.start, stream), stream).run()
    }
    return bytes
  }

  /// The version of the library at run time, such as "2.6.3".
  static var version: String {
    let version = dnnl_version().pointee
    return "\(version.major).\(version.minor).\(version.patch)"
  }
}

/// Owns the CPU engine and the stream that primitives run on.
final class OneDNNStream {
  let engine: dnnl_engine_t
  let stream: dnnl_stream_t

  init() throws {
    var engine: dnnl_engine_t?
    try OneDNN.check(dnnl_engine_create(&engine, dnnl_cpu, 0), "dnnl_engine_create")
    var stream: dnnl_stream_t?
    let status = dnnl_stream_create(&stream, engine, UInt32(dnnl_stream_default_flags.rawValue))
    if status != dnnl_success { dnnl_engine_destroy(engine) }
    try OneDNN.check(status, "dnnl_stream_create")
    self.engine = engine!
    self.stream = stream!
  }

  deinit {
    dnnl_stream_destroy(stream)
    dnnl_engine_destroy(engine)
  }
}

/// Owns one memory object; the bytes belong to someone else, who outlives it.
final class OneDNNMemory {
  let handle: dnnl_memory_t

  init(_ layout: dnnl_memory_desc_t, _ bytes: UnsafeMutableRawPointer?, _ stream: OneDNNStream) throws {
    var layout = layout
    var handle: dnnl_memory_t?
    try OneDNN.check(dnnl_memory_create(&handle, &layout, stream.engine, bytes), "dnnl_memory_create")
    self.handle = handle!
  }

  deinit { dnnl_memory_destroy(handle) }
}

/// Owns a primitive and the memory objects it is bound to.
final class OneDNNPrimitive {
  private let primitive: dnnl_primitive_t
  private let stream: OneDNNStream
  private let arguments: [dnnl_exec_arg_t]
  private let memories: [OneDNNMemory]

  init(_ descriptor: OneDNNPrimitiveDescriptor, _ bindings: [(Int32, OneDNNMemory)], _ stream: OneDNNStream) throws {
    var primitive: dnnl_primitive_t?
    try OneDNN.check(dnnl_primitive_create(&primitive, descriptor.handle), "dnnl_primitive_create")
    self.primitive = primitive!
    self.stream = stream
    arguments = bindings.map { dnnl_exec_arg_t(arg: $0.0, memory: $0.1.handle) }
    memories = bindings.map(\.1)
  }

  func run() throws {
    try OneDNN.check(
      dnnl_primitive_execute(primitive, stream.stream, Int32(arguments.count), arguments), "dnnl_primitive_execute")
  }

  deinit { dnnl_primitive_destroy(primitive) }
}

/// Owns a primitive descriptor: an implementation chosen for fixed shapes and layouts.
final class OneDNNPrimitiveDescriptor {
  let handle: dnnl_primitive_desc_t

  init(_ handle: dnnl_primitive_desc_t) { self.handle = handle }

  func layout(_ what: dnnl_query_t) -> dnnl_memory_desc_t { dnnl_primitive_desc_query_md(handle, what, 0).pointee }

  /// The name of the implementation, such as "jit:avx512_core".
  var implementation: String {
    var name: UnsafePointer<CChar>?
    guard dnnl_primitive_desc_query(handle, dnnl_query_impl_info_str, 0, &name) == dnnl_success, let name else {
      return "unknown"
    }
    return String(cString: name)
  }

  /// Whether it is one of the library's plain loops.
  var isReference: Bool { implementation.hasPrefix("ref") }

  deinit { dnnl_primitive_desc_destroy(handle) }
}

/// Owns bytes aligned for vector instructions.
final class AlignedBytes {
  let start: UnsafeMutableRawPointer
  let count: Int

  init(count: Int) {
    self.count = max(count, 64)
    start = .allocate(byteCount: self.count, alignment: 64)
  }

  convenience init(copying values: [Float]) {
    self.init(count: values.count * 4)
    start.copyMemory(from: values, byteCount: values.count * 4)
  }

  deinit { start.deallocate() }
}

/// Working memory shared by primitives that run one after another on a stream.
final class OneDNNScratch {
  let stream: OneDNNStream
  private var bytes: [AlignedBytes] = []
  /// Room for the plain copy of a convolution's source, and for that of its destination, at the same time.
  private(set) lazy var plainSource = OneDNNScratch(stream)
  private(set) lazy var plainDestination = OneDNNScratch(stream)

  init(_ stream: OneDNNStream) { self.stream = stream }

  /// A memory object over bytes of at least this layout's size; the largest block is reused.
  func memory(_ layout: dnnl_memory_desc_t) throws -> OneDNNMemory {
    var layout = layout
    let size = dnnl_memory_desc_get_size(&layout)
    if let fitting = bytes.last(where: { $0.count >= size }) { return try OneDNNMemory(layout, fitting.start, stream) }
    bytes.append(AlignedBytes(count: size))
    return try OneDNNMemory(layout, bytes.last!.start, stream)
  }
}
