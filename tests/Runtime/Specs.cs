using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Tests;

/// <summary>Instance specs with defaults; what a test sets is what it is about.</summary>
internal static class Specs
{
    public static InstanceSpec Named(string id) => new()
    {
        Id = id,
        Namespace = "default",
        Owner = "hello-00001",
        OwnerUid = "0193a0c4-0000-7000-8000-000000000001",
        OwnerKind = "Revision",
        ContainerName = "user-container",
        Image = "registry.localhost/hello@sha256:" + new string('0', 64),
        Runnable = new RunnableImage("/", HostProcess: true, ["/bin/true"], [], [], null, null),
    };
}
