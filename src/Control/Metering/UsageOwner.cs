using Slipway.Runtime.Instances;

namespace Slipway.Control.Metering;

/// <summary>Who pays for an instance. Until there are accounts, everything belongs to the installation's administrator.</summary>
public static class UsageOwner
{
    public const string Administrator = "admin";

    public static string Of(InstanceSpec instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return Administrator;
    }
}
