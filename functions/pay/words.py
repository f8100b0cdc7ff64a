"""What the page for paying says, in the languages that invoices are written in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """``pay`` and ``from_seller`` have a place for an amount and a name."""

    language: str
    invoice: str
    amount_due: str
    issued: str
    due: str
    overdue: str
    pay: str
    at_stripe: str
    transfer: str
    holder: str
    reference: str
    scan: str
    to_transfer: str
    test: str
    under_way: str
    waiting: str
    wait_here: str
    look_again: str
    paid: str
    thanks: str
    void: str
    ask_again: str
    expired: str
    nothing: str
    check_address: str
    too_often: str
    not_now: str
    try_again: str


_ENGLISH = Words(
    "en", "Invoice", "Amount due", "Issued", "Due", "overdue",
    "Pay {amount} by card", "You go on to Stripe's page. Card details never reach us.",
    "By bank transfer", "Account holder", "Reference",
    "Scan it with your banking app.", "Transfer the amount with this reference.",
    "Test mode: no money moves.",
    "A payment is under way. It can take some days to arrive; there is nothing more to do.",
    "Thank you. We are waiting for the confirmation.",
    "It usually comes within a minute. You may close this page: the payment does not depend on it.",
    "Look again", "This invoice is paid.", "Thank you. There is nothing more to do.",
    "This invoice was cancelled, or this link was taken back.",
    "Ask whoever sent it to you for a new link.", "This link has run out.",
    "There is nothing at this address.", "Look whether the address is complete, up to its last character.",
    "That was tried too often.", "This cannot be paid by card at the moment.",
    "Go back and try again in a few minutes.",
)  # fmt: skip
_GERMAN = Words(
    "de", "Rechnung", "Offener Betrag", "Ausgestellt", "Fällig", "überfällig",
    "{amount} mit Karte zahlen", "Weiter auf der Seite von Stripe. Ihre Kartendaten erreichen uns nie.",
    "Per Überweisung", "Kontoinhaber", "Verwendungszweck",
    "Mit Ihrer Banking-App scannen.", "Überweisen Sie den Betrag mit diesem Verwendungszweck.",
    "Testmodus: Es fließt kein Geld.",
    "Eine Zahlung ist unterwegs. Sie kann einige Tage brauchen; es ist nichts weiter zu tun.",
    "Vielen Dank. Wir warten auf die Bestätigung.",
    "Sie kommt meist in einer Minute. Sie können diese Seite schließen: Die Zahlung hängt nicht an ihr.",
    "Noch einmal nachsehen", "Diese Rechnung ist bezahlt.", "Vielen Dank. Es ist nichts weiter zu tun.",
    "Diese Rechnung wurde storniert oder der Link zurückgenommen.",
    "Bitten Sie den Absender um einen neuen Link.", "Dieser Link ist abgelaufen.",
    "Unter dieser Adresse gibt es nichts.", "Ist die Adresse vollständig, bis zum letzten Zeichen?",
    "Das wurde zu oft versucht.", "Kartenzahlung ist im Moment nicht möglich.",
    "Gehen Sie zurück und versuchen Sie es in einigen Minuten noch einmal.",
)  # fmt: skip
_FRENCH = Words(
    "fr", "Facture", "Montant dû", "Émise le", "Échéance", "en retard",
    "Payer {amount} par carte",
    "Vous continuez sur la page de Stripe. Vos données de carte ne nous parviennent jamais.",
    "Par virement", "Titulaire du compte", "Référence",
    "À scanner avec votre application bancaire.", "Virez le montant avec cette référence.",
    "Mode test : aucun argent ne circule.",
    "Un paiement est en cours. Il peut prendre quelques jours ; il n'y a rien d'autre à faire.",
    "Merci. Nous attendons la confirmation.",
    "Elle arrive en général en une minute. Vous pouvez fermer cette page : le paiement n'en dépend pas.",
    "Regarder à nouveau", "Cette facture est payée.", "Merci. Il n'y a rien d'autre à faire.",
    "Cette facture a été annulée, ou ce lien a été retiré.",
    "Demandez un nouveau lien à l'expéditeur.", "Ce lien a expiré.",
    "Il n'y a rien à cette adresse.", "L'adresse est-elle complète, jusqu'au dernier caractère ?",
    "Trop de tentatives.", "Le paiement par carte n'est pas possible pour le moment.",
    "Revenez en arrière et réessayez dans quelques minutes.",
)  # fmt: skip
_SPANISH = Words(
    "es", "Factura", "Importe pendiente", "Emitida", "Vencimiento", "vencida",
    "Pagar {amount} con tarjeta",
    "Continúa en la página de Stripe. Los datos de su tarjeta nunca nos llegan.",
    "Por transferencia", "Titular de la cuenta", "Concepto",
    "Escanéelo con la aplicación de su banco.", "Transfiera el importe con este concepto.",
    "Modo de prueba: no se mueve dinero.",
    "Hay un pago en curso. Puede tardar algunos días; no hay que hacer nada más.",
    "Gracias. Esperamos la confirmación.",
    "Suele llegar en un minuto. Puede cerrar esta página: el pago no depende de ella.",
    "Mirar de nuevo", "Esta factura está pagada.", "Gracias. No hay que hacer nada más.",
    "Esta factura fue anulada o el enlace fue retirado.",
    "Pida un enlace nuevo a quien se lo envió.", "Este enlace ha caducado.",
    "No hay nada en esta dirección.", "Compruebe que la dirección esté completa, hasta el último carácter.",
    "Se ha intentado demasiadas veces.", "No se puede pagar con tarjeta en este momento.",
    "Vuelva atrás e inténtelo de nuevo en unos minutos.",
)  # fmt: skip
_ITALIAN = Words(
    "it", "Fattura", "Importo dovuto", "Emessa il", "Scadenza", "scaduta",
    "Paga {amount} con carta",
    "Si prosegue sulla pagina di Stripe. I dati della carta non arrivano mai a noi.",
    "Con bonifico", "Intestatario", "Causale",
    "Da scansionare con l'app della banca.", "Trasferire l'importo con questa causale.",
    "Modalità di prova: nessun denaro si muove.",
    "Un pagamento è in corso. Può richiedere alcuni giorni; non c'è altro da fare.",
    "Grazie. Attendiamo la conferma.",
    "Di solito arriva entro un minuto. Può chiudere questa pagina: il pagamento non dipende da essa.",
    "Guarda di nuovo", "Questa fattura è pagata.", "Grazie. Non c'è altro da fare.",
    "Questa fattura è stata annullata, oppure il link è stato ritirato.",
    "Chieda un nuovo link a chi l'ha inviato.", "Questo link è scaduto.",
    "Non c'è nulla a questo indirizzo.", "L'indirizzo è completo, fino all'ultimo carattere?",
    "Troppi tentativi.", "Al momento non è possibile pagare con carta.",
    "Torni indietro e riprovi tra qualche minuto.",
)  # fmt: skip
_DUTCH = Words(
    "nl", "Factuur", "Te betalen", "Datum", "Vervaldatum", "vervallen",
    "{amount} betalen met kaart",
    "U gaat verder op de pagina van Stripe. Uw kaartgegevens bereiken ons nooit.",
    "Per overschrijving", "Rekeninghouder", "Kenmerk",
    "Scan met uw bankapp.", "Maak het bedrag over met dit kenmerk.",
    "Testmodus: er wordt geen geld overgemaakt.",
    "Er is een betaling onderweg. Dat kan enkele dagen duren; u hoeft verder niets te doen.",
    "Bedankt. We wachten op de bevestiging.",
    "Die komt meestal binnen een minuut. U kunt deze pagina sluiten: de betaling hangt er niet van af.",
    "Opnieuw kijken", "Deze factuur is betaald.", "Bedankt. U hoeft verder niets te doen.",
    "Deze factuur is geannuleerd, of de link is ingetrokken.",
    "Vraag de afzender om een nieuwe link.", "Deze link is verlopen.",
    "Op dit adres is niets.", "Is het adres volledig, tot het laatste teken?",
    "Dat is te vaak geprobeerd.", "Betalen met kaart is op dit moment niet mogelijk.",
    "Ga terug en probeer het over enkele minuten opnieuw.",
)  # fmt: skip
_BY_LANGUAGE = {each.language: each for each in (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _DUTCH)}


def words(tag: str) -> Words:
    """Of a BCP 47 tag, or what a browser says that it accepts; English where there are none."""
    return _BY_LANGUAGE.get(tag[:2].lower(), _ENGLISH)
