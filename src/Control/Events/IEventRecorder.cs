using Slipway.Model.Resources;

namespace Slipway.Control.Events;

/// <summary>Tells users what happened to their objects. Telling never waits and never fails the work it tells of.</summary>
internal interface IEventRecorder
{
    void Normal(Resource about, string reason, string message);

    void Warning(Resource about, string reason, string message);
}
