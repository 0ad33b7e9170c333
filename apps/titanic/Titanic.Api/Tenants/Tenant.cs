namespace Titanic.Api.Tenants;

/// <summary>Whose passengers a call is about. The database shows a tenant's rows to nobody else.</summary>
internal sealed record Tenant(string Name)
{
    /// <summary>What a caller needs among its roles to use a tenant that is not everybody's.</summary>
    public string Role { get; } = "tenant:" + Name;

    /// <summary>How the audit trail keeps the people of one tenant apart from those of another.</summary>
    public string AuditTarget { get; } = "person:" + Name;
}
