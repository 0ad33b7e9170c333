namespace Slipway.Eventing.Delivery;

/// <summary>The events of one key, one behind the other.</summary>
internal sealed class KeyLane(string key)
{
    public string Key => key;

    public Queue<Taken> Queue { get; } = new();

    /// <summary>Somebody wants what is held of this key to be tried.</summary>
    public bool LookAtHeld { get; set; }
}
