using Slipway.Model.Failures;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <summary>
/// Gives instances their users: one of its own, or the one that its manifest or image names. Instances of equal users
/// can reach into each other, so a named user belongs to one namespace at a time.
/// </summary>
/// <param name="obstacle">Why instances cannot be other users although we are root; null when they can, or when we are not.</param>
internal sealed class InstanceUsers(HostClaims own, UserRules rules, bool isolates, string? obstacle) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, (string Namespace, int Instances)> _named = [];

    /// <summary>How many instances hold a user.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return own.Count + _named.Values.Sum(named => named.Instances);
            }
        }
    }

    /// <summary>Null when instances run as whoever we are.</summary>
    public Outcome<InstanceUser?> Take(InstanceSpec spec)
    {
        var names = spec.RunAsUser is not null || spec.RunAsGroup is not null || spec.Runnable.User is not null;
        var choice = UserChoice.Decide(
            spec,
            rules,
            names ? AccountBook.Read("/") : AccountBook.Empty,
            names ? AccountBook.Read(spec.Runnable.Root) : AccountBook.Empty);
        if (!choice.Succeeded)
        {
            return choice.Failure!;
        }

        if (!isolates)
        {
            return Unisolated(spec);
        }

        var (id, group, asked) = choice.Value;
        if (id is { } user)
        {
            if (TryJoin(user, spec.Namespace))
            {
                return new InstanceUser(user, group ?? user);
            }

            if (asked)
            {
                return new Failure(FailureKind.Conflict, "user-not-allowed", $"securityContext.runAsUser is {user}, which instances of another namespace use at the moment: choose another number.");
            }
        }

        return own.Take() is { } taken
            ? new InstanceUser(taken, spec.RunAsGroup ?? taken)
            : new Failure(FailureKind.Exhausted, "no-free-user", $"All {rules.Count} users for instances are taken. Widen the range of the process driver.");
    }

    /// <summary>What an adopted instance is already.</summary>
    public void Retake(InstanceUser user, string @namespace)
    {
        if (IsOwn(user.Id))
        {
            own.Retake(user.Id);
        }
        else
        {
            TryJoin(user.Id, @namespace);
        }
    }

    public void Release(InstanceUser? user)
    {
        if (user is not { Id: var id })
        {
            return;
        }

        if (IsOwn(id))
        {
            own.Release(id);
            return;
        }

        lock (_gate)
        {
            if (_named.TryGetValue(id, out var named))
            {
                if (named.Instances > 1)
                {
                    _named[id] = named with { Instances = named.Instances - 1 };
                }
                else
                {
                    _named.Remove(id);
                }
            }
        }
    }

    public void Dispose() => own.Dispose();

    private bool IsOwn(int id) => id >= rules.First && id < rules.First + rules.Count;

    private bool TryJoin(int id, string @namespace)
    {
        if (id == 0)
        {
            // Root reaches everybody anyway.
            return true;
        }

        lock (_gate)
        {
            var named = _named.GetValueOrDefault(id, (Namespace: @namespace, Instances: 0));
            if (named.Namespace != @namespace)
            {
                return false;
            }

            _named[id] = named with { Instances = named.Instances + 1 };
            return true;
        }
    }

    /// <summary>Without root everybody is the user of slipwayd, who is not root. With root nobody can be anybody else.</summary>
    private Outcome<InstanceUser?> Unisolated(InstanceSpec spec)
    {
        if (obstacle is null)
        {
            return (InstanceUser?)null;
        }

        if (spec.RunAsNonRoot)
        {
            return new Failure(FailureKind.Invalid, "root-not-allowed", $"securityContext.runAsNonRoot cannot be granted. {obstacle}");
        }

        return spec.RunAsUser is > 0 || spec.RunAsGroup is > 0
            ? new Failure(FailureKind.Invalid, "user-not-allowed", $"The user or group of securityContext cannot be granted. {obstacle}")
            : (InstanceUser?)null;
    }
}
