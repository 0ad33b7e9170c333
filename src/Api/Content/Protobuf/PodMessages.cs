using static Slipway.Api.Content.Protobuf.MessageShape;

namespace Slipway.Api.Content.Protobuf;

/// <summary>The messages of pod templates.</summary>
internal static class PodMessages
{
    private static readonly MessageShape s_localReference = new(Text(1, "name"));

    private static readonly MessageShape s_keyReference = new(Inline(1, s_localReference), Text(2, "key"), Flag(3, "optional").Optional());

    private static readonly MessageShape s_sourceReference = new(Inline(1, s_localReference), Flag(2, "optional").Optional());

    private static readonly MessageShape s_environment = new(
        Text(1, "name"),
        Text(2, "value"),
        Of(3, "valueFrom", new(
            Of(1, "fieldRef", new(Text(1, "apiVersion"), Text(2, "fieldPath"))),
            Of(3, "configMapKeyRef", s_keyReference),
            Of(4, "secretKeyRef", s_keyReference))));

    private static readonly MessageShape s_port = new(
        Text(1, "name"), Whole(2, "hostPort"), Whole(3, "containerPort"), Text(4, "protocol"), Text(5, "hostIP"));

    private static readonly MessageShape s_resources = new(As(1, "limits", WireType.QuantityMap), As(2, "requests", WireType.QuantityMap));

    private static readonly MessageShape s_mount = new(
        Text(1, "name"), Flag(2, "readOnly"), Text(3, "mountPath"), Text(4, "subPath"), Text(5, "mountPropagation").Optional(), Text(6, "subPathExpr"));

    private static readonly MessageShape s_probe = new(
        Inline(1, new(
            Of(1, "exec", new(Text(1, "command").Many())).Optional(),
            Of(2, "httpGet", new(
                Text(1, "path"),
                As(2, "port", WireType.IntOrText).Optional(),
                Text(3, "host"),
                Text(4, "scheme"),
                Of(5, "httpHeaders", new(Text(1, "name"), Text(2, "value"))).Many())).Optional(),
            Of(3, "tcpSocket", new(As(1, "port", WireType.IntOrText).Optional(), Text(2, "host"))).Optional(),
            Of(4, "grpc", new(Whole(1, "port").Optional(), Text(2, "service").Optional())).Optional())),
        Whole(2, "initialDelaySeconds"),
        Whole(3, "timeoutSeconds"),
        Whole(4, "periodSeconds"),
        Whole(5, "successThreshold"),
        Whole(6, "failureThreshold"),
        Whole(7, "terminationGracePeriodSeconds").Optional());

    private static readonly MessageShape s_security = new(
        Of(1, "capabilities", new(Text(1, "add").Many(), Text(2, "drop").Many())),
        Flag(2, "privileged").Optional(),
        Whole(4, "runAsUser").Optional(),
        Flag(5, "runAsNonRoot").Optional(),
        Flag(6, "readOnlyRootFilesystem").Optional(),
        Flag(7, "allowPrivilegeEscalation").Optional(),
        Whole(8, "runAsGroup").Optional());

    private static readonly MessageShape s_container = new(
        Text(1, "name"),
        Text(2, "image"),
        Text(3, "command").Many(),
        Text(4, "args").Many(),
        Text(5, "workingDir"),
        Of(6, "ports", s_port).Many(),
        Of(7, "env", s_environment).Many(),
        Of(8, "resources", s_resources),
        Of(9, "volumeMounts", s_mount).Many(),
        Of(10, "livenessProbe", s_probe),
        Of(11, "readinessProbe", s_probe),
        Text(13, "terminationMessagePath"),
        Text(14, "imagePullPolicy"),
        Of(15, "securityContext", s_security),
        Flag(16, "stdin"),
        Flag(17, "stdinOnce"),
        Flag(18, "tty"),
        Of(19, "envFrom", new(Text(1, "prefix"), Of(2, "configMapRef", s_sourceReference), Of(3, "secretRef", s_sourceReference))).Many(),
        Text(20, "terminationMessagePolicy"),
        Of(22, "startupProbe", s_probe));

    private static readonly WireField s_items =
        Of(2, "items", new(Text(1, "key"), Text(2, "path"), Whole(3, "mode").Optional())).Many();

    private static readonly MessageShape s_projection = new(Inline(1, s_localReference), s_items, Flag(4, "optional").Optional());

    private static readonly MessageShape s_volume = new(
        Text(1, "name"),
        Inline(2, new(
            Of(2, "emptyDir", new(Text(1, "medium"), As(2, "sizeLimit", WireType.Quantity))).Optional(),
            Of(6, "secret", new(Text(1, "secretName"), s_items, Whole(3, "defaultMode").Optional(), Flag(4, "optional").Optional())),
            Of(19, "configMap", new(Inline(1, s_localReference), s_items, Whole(3, "defaultMode").Optional(), Flag(4, "optional").Optional())),
            Of(26, "projected", new(
                Of(1, "sources", new(
                    Of(1, "secret", s_projection),
                    Of(3, "configMap", s_projection),
                    Of(4, "serviceAccountToken", new(Text(1, "audience"), Whole(2, "expirationSeconds").Optional(), Text(3, "path"))))).Many(),
                Whole(2, "defaultMode").Optional())))));

    private static readonly MessageShape s_spec = new(
        Of(1, "volumes", s_volume).Many(),
        Of(2, "containers", s_container).Many(),
        Text(3, "restartPolicy"),
        Whole(4, "terminationGracePeriodSeconds").Optional(),
        Whole(5, "activeDeadlineSeconds").Optional(),
        Text(6, "dnsPolicy"),
        As(7, "nodeSelector", WireType.TextMap),
        Text(8, "serviceAccountName"),
        Text(10, "nodeName"),
        Flag(11, "hostNetwork"),
        Flag(12, "hostPID"),
        Flag(13, "hostIPC"),
        Of(15, "imagePullSecrets", s_localReference).Many(),
        Text(16, "hostname"),
        Text(17, "subdomain"),
        Text(19, "schedulerName"),
        Of(20, "initContainers", s_container).Many(),
        Flag(21, "automountServiceAccountToken").Optional(),
        Text(24, "priorityClassName"),
        Flag(30, "enableServiceLinks").Optional());

    public static readonly MessageShape Template = new(Of(1, "metadata", MetadataMessages.Object), Of(2, "spec", s_spec));
}
