package dev.burstlet.hyper;

/** Containers that share the host's kernel. */
class CriRuncIT extends CriContract {
    @Override
    String handler() {
        return "runc";
    }
}
