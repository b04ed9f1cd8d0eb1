/** A dialogue in front of everything else of the page. */
import { Modal, type ModalProps } from 'antd'

/** In front of the body itself it would keep the page from scrolling by a style without a nonce, which is refused. */
export const Dialog = (props: ModalProps) => <Modal {...props} getContainer={page} />

const page = () => document.getElementById('root') ?? document.body
