package dev.burstlet.engine.desired;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Pod specs at random, any field of the API model, the values mostly sensible. */
public final class RandomSpecs {
    private static final List<String> WORDS =
            List.of(
                    "a",
                    "b",
                    "main",
                    "v",
                    "$(A)",
                    "$(NONE)",
                    "$$",
                    "/x",
                    "a/../b",
                    "",
                    "1",
                    "Always",
                    "Never",
                    "Memory",
                    "ClusterFirst",
                    "None",
                    "Default",
                    "Localhost",
                    "RuntimeDefault",
                    "Unconfined",
                    "limits.cpu",
                    "requests.memory",
                    "metadata.name",
                    "metadata.labels['a']",
                    "status.podIP",
                    "Bidirectional",
                    "Enabled",
                    "NET_ADMIN",
                    "TCP",
                    "\u0000",
                    "\ud800",
                    "..",
                    "system-node-critical");
    private static final List<String> QUANTITIES =
            List.of("0", "1", "100m", "1Gi", "5e3", "1u", "9Ei", "-1", "1000000000000");
    private static final List<String> RESOURCES =
            List.of("cpu", "memory", "cpu", "memory", "ephemeral-storage", "nvidia.com/gpu");

    /** What the API server never lets be absent. */
    private static final List<String> REQUIRED =
            List.of(
                    "name",
                    "key",
                    "volumeName",
                    "path",
                    "image",
                    "mountPath",
                    "containerPort",
                    "ip",
                    "type",
                    "server",
                    "reference",
                    "claimName",
                    "fieldPath",
                    "resource",
                    "value",
                    "secretName",
                    "devicePath",
                    "port",
                    "seconds",
                    "hostnames");

    /** Nothing for a node to do, or refused by the table: both have tests of their own. */
    private static final Set<String> RARE =
            Set.of(
                    "affinity",
                    "topologySpreadConstraints",
                    "tolerations",
                    "schedulingGroup",
                    "windowsOptions",
                    "resourceClaims",
                    "claims",
                    "volumeDevices",
                    "csi",
                    "clusterTrustBundle",
                    "podCertificate",
                    "os",
                    "awsElasticBlockStore",
                    "azureDisk",
                    "azureFile",
                    "cephfs",
                    "cinder",
                    "fc",
                    "flexVolume",
                    "flocker",
                    "gcePersistentDisk",
                    "gitRepo",
                    "glusterfs",
                    "iscsi",
                    "photonPersistentDisk",
                    "portworxVolume",
                    "quobyte",
                    "rbd",
                    "scaleIO",
                    "storageos",
                    "vsphereVolume",
                    "runtimeClassName",
                    "persistentVolumeClaim",
                    "hostnameOverride",
                    "hostname",
                    "subdomain",
                    "dnsPolicy");

    private final Random random;

    public RandomSpecs(long seed) {
        random = new Random(seed);
    }

    public PodSpec next() {
        return (PodSpec) object(PodSpec.class, 0);
    }

    private Object object(Class<?> type, int depth) {
        try {
            Object object = type.getDeclaredConstructor().newInstance();
            for (Field field : type.getDeclaredFields()) {
                JsonProperty property = field.getAnnotation(JsonProperty.class);
                if (property == null || !chosen(property.value(), depth)) {
                    continue;
                }
                Object value = value(field.getGenericType(), depth + 1);
                if (value != null) {
                    field.setAccessible(true);
                    field.set(object, value);
                }
            }
            return object;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName(), e);
        }
    }

    private boolean chosen(String field, int depth) {
        if (RARE.contains(field)) {
            return random.nextInt(200) == 0;
        }
        return REQUIRED.contains(field)
                || (depth == 0 && (field.equals("containers") || field.equals("volumes")))
                || random.nextInt(10) < (depth < 2 ? 3 : 2);
    }

    private @Nullable Object value(Type type, int depth) {
        if (type instanceof ParameterizedType generic) {
            Type element =
                    generic.getActualTypeArguments()[generic.getRawType() == Map.class ? 1 : 0];
            return generic.getRawType() == Map.class ? map(element) : list(element, depth);
        }
        if (type == String.class) {
            return WORDS.get(random.nextInt(WORDS.size()));
        }
        if (type == Integer.class) {
            return random.nextInt(70000) - 10;
        }
        if (type == Long.class) {
            return random.nextLong(70000) - 10;
        }
        if (type == Boolean.class) {
            return random.nextBoolean();
        }
        if (type == Quantity.class) {
            return new Quantity(QUANTITIES.get(random.nextInt(QUANTITIES.size())));
        }
        if (type == IntOrString.class) {
            return random.nextBoolean() ? new IntOrString(80) : new IntOrString("a");
        }
        boolean model = type instanceof Class<?> c && c.getName().startsWith("io.fabric8.");
        return model ? object((Class<?>) type, depth) : null;
    }

    private List<Object> list(Type element, int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(2); i++) {
            Object value = value(element, depth);
            if (value != null) {
                list.add(value);
            }
        }
        return list;
    }

    private Map<String, Object> map(Type element) {
        Map<String, Object> map = new LinkedHashMap<>();
        Object value = value(element, 9);
        if (value != null) {
            map.put(RESOURCES.get(random.nextInt(RESOURCES.size())), value);
        }
        return map;
    }
}
