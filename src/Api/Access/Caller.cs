namespace Slipway.Api.Access;

/// <summary>Who sends a request, as annotations and access rules see it.</summary>
public sealed record Caller(string User, IReadOnlyList<string> Groups, string Uid = "")
{
    public const string AdministratorsGroup = "system:masters";
    public const string AuthenticatedGroup = "system:authenticated";
    public const string AnonymousUser = "system:anonymous";

    public bool IsAdministrator => Groups.Contains(AdministratorsGroup, StringComparer.Ordinal);
}
