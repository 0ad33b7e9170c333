using Slipway.Model.Failures;
using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Process;

/// <param name="RootAllowed">Manifests may ask for user and group 0.</param>
/// <param name="HostUsersAllowed">Manifests may ask for users and groups of the host's own account files.</param>
/// <param name="First">The first of the users that instances get when they name none.</param>
internal sealed record UserRules(bool RootAllowed, bool HostUsersAllowed, int First, int Count);

/// <summary>
/// Whom an instance wants to be. A manifest's wish that may not be granted is an error, because nobody should believe
/// that it was; an image's is passed over, since its author did not know this host.
/// </summary>
/// <param name="Id">Null is a user of its own.</param>
/// <param name="Group">Null is the group with the number of the user.</param>
/// <param name="Asked">The manifest names the user.</param>
internal readonly record struct UserChoice(int? Id, int? Group, bool Asked)
{
    private const string RootCode = "root-not-allowed";
    private const string UserCode = "user-not-allowed";

    public static Outcome<UserChoice> Decide(InstanceSpec spec, UserRules rules, AccountBook host, AccountBook image)
    {
        if (spec is { RunAsNonRoot: true, RunAsUser: 0 })
        {
            return Refused(RootCode, "securityContext.runAsNonRoot is true, but runAsUser is 0. Name another user or leave it out.");
        }

        if (spec.RunAsUser is { } user)
        {
            var group = spec.RunAsGroup ?? Granted(image.User(user)?.Group, rules, host) ?? user;
            var groupField = spec.RunAsGroup is null ? "runAsGroup, left out and so the same as runAsUser," : "runAsGroup";
            var objection = Objection("runAsUser", user, host.User(user), rules) ?? Objection(groupField, group, host.Group(group), rules);
            return objection is null ? new UserChoice(user, group, Asked: true) : objection;
        }

        if (spec.RunAsGroup is { } only && Objection("runAsGroup", only, host.Group(only), rules) is { } wrong)
        {
            return wrong;
        }

        var named = OfImage(spec.Runnable.User, rules, host, image);
        return named with { Group = spec.RunAsGroup ?? named.Group };
    }

    private static UserChoice OfImage(string? text, UserRules rules, AccountBook host, AccountBook image)
    {
        var parts = (text ?? "").Split(':', 2);
        if (parts[0].Length == 0 || image.User(parts[0]) is not { } user)
        {
            return default;
        }

        var group = parts.Length > 1 ? image.Group(parts[1])?.Id : user.Group ?? user.Id;
        var allowed = user.Id != 0 && group is > 0
            && Objection("", user.Id, host.User(user.Id), rules) is null
            && Objection("", group.Value, host.Group(group.Value), rules) is null;
        return allowed ? new UserChoice(user.Id, group, Asked: false) : default;
    }

    private static int? Granted(int? group, UserRules rules, AccountBook host) =>
        group is > 0 && Objection("", group.Value, host.Group(group.Value), rules) is null ? group : null;

    private static Failure? Objection(string field, int id, AccountEntry? ofHost, UserRules rules)
    {
        if (id == 0)
        {
            return rules.RootAllowed ? null : Refused(RootCode, $"securityContext.{field} is 0. Instances may not be root on this platform: name another number or leave it out.");
        }

        if (id >= rules.First && id < rules.First + rules.Count)
        {
            return Refused(UserCode, $"securityContext.{field} is {id}. The numbers {rules.First} to {rules.First + rules.Count - 1} belong to instances that name no user: choose one outside.");
        }

        return ofHost is { } account && !rules.HostUsersAllowed
            ? Refused(UserCode, $"securityContext.{field} is {id}, which is '{account.Name}' of this host. Instances share the host's files, so they may not be one of its accounts: choose another number or leave it out.")
            : null;
    }

    private static Failure Refused(string code, string detail) => new(FailureKind.Invalid, code, detail);
}
