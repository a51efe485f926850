namespace LocalDapr.Grpc;

/// <summary>dapr.proto.runtime.v1.Dapr; one partial file for each building block.</summary>
internal sealed partial class DaprService;
