using Titanic.Api.Tenants;

namespace Titanic.Api.Endpoints;

/// <summary>What remembered answers depend on. Whoever changes that names the same tags.</summary>
internal static class ReadTags
{
    /// <summary>Lists, searches and figures of a tenant: any change may be one of theirs.</summary>
    public static string People(Tenant tenant) => People(tenant.Name);

    public static string People(string tenant) => "people:" + tenant;

    public static string Person(Guid uuid) => $"person:{uuid:N}";
}
